using Xunit;

// Tests count live tensors of the whole process, and two cores are few: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
