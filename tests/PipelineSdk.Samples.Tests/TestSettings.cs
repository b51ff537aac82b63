// Threads inside an operation are a setting that libtorch shares between threads; these tests compare runs to the last bit.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
