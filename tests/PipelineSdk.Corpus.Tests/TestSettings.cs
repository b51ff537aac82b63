// The number of intra-op threads is the process's own: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
