using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Partitioning;

namespace PipelineSdk.Tests.Partitioning;

/// <summary>Random segments and options, small numbers so that ties are common.</summary>
internal static class PartitionGenerators
{
    public static Gen<SegmentCosts[]> Segments(int count, int stages) =>
        from times in Gen.Choose(0, 6).ArrayOf(3 * count)
        from bytes in Gen.Choose(0, 8).ArrayOf(4 * count)
        from cuts in Gen.Choose(0, 9).ArrayOf(count)
        from pins in Gen.Choose(0, 12 * count).ArrayOf(count)
        let pinned = Pins(pins, stages)
        select Enumerable.Range(0, count).Select(i => new SegmentCosts($"s{i}", times[3 * i], times[(3 * i) + 1], times[(3 * i) + 2])
        {
            OutputBytes = bytes[4 * i],
            ActivationBytes = bytes[(4 * i) + 1],
            ParameterBytes = bytes[(4 * i) + 2],
            StateBytes = bytes[(4 * i) + 3],
            CanCutAfter = cuts[i] > 0,
            PinnedStage = pinned[i],
        }).ToArray();

    public static Gen<PartitionOptions> Options(int stages, int[] workers) =>
        from latency in Gen.Elements(0.0, 0.5)
        from bandwidth in Gen.Elements(double.PositiveInfinity, 2, 0.5)
        from mode in Gen.Elements(TransferMode.Overlapped, TransferMode.Added)
        from flight in Gen.Choose(1, 4).ArrayOf(stages)
        from versions in Gen.Choose(1, 2).ArrayOf(stages)
        from capped in Gen.Elements(false, true)
        from caps in Gen.Choose(10, 120).ArrayOf(workers.Max() + 1)
        select new PartitionOptions(stages)
        {
            WorkerOfStage = workers,
            LinkLatency = latency,
            LinkBandwidth = bandwidth,
            Transfers = mode,
            InFlight = flight,
            WeightVersions = versions,
            MemoryCaps = capped ? [.. caps.Select(cap => (long)cap)] : null,
        };

    /// <summary>Few pins, mostly in order.</summary>
    private static int?[] Pins(int[] draws, int stages) => [.. draws.Select((draw, i) => draw < draws.Length ? (int?)Math.Min(stages - 1, i * stages / draws.Length) : null)];
}
