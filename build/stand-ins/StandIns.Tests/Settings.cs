using Xunit;

// The default generator, the thread count and the count of live tensors belong to the process: tests that look at them must be alone.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
