namespace PipelineSdk.Benchmarks.Speed;

/// <summary>How a pipeline is run; by default as it runs by itself.</summary>
/// <param name="Pin">Whether workers have cores of their own.</param>
/// <param name="TuneAllocator">Whether the C library's allocator is told to keep large blocks.</param>
/// <param name="IntraOpThreads">Threads inside one operation of a worker.</param>
/// <param name="Spin">Whether a worker that waits spins before it blocks; null where there are as many cores as workers.</param>
internal sealed record LeverSettings(bool Pin = true, bool TuneAllocator = true, int IntraOpThreads = 1, bool? Spin = null);
