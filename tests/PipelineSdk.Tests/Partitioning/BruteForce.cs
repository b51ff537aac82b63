using PipelineSdk.Partitioning;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

/// <summary>Tries every cut. Written from the definition, without a look at the solvers.</summary>
internal static class BruteForce
{
    public static void AssertBest(
        SegmentCosts[] segments, PartitionOptions options, Func<SegmentCosts[], PartitionOptions, int[], List<double>> rank)
    {
        var all = Cuts(segments.Length, options.Stages).Where(ends => Feasible(segments, options, ends)).ToList();
        var found = TrySolve(segments, options);
        if (all.Count == 0)
        {
            Assert.Null(found);
            return;
        }

        Assert.NotNull(found);
        Assert.True(Feasible(segments, options, [.. found.Ends]));
        var best = all.Select(ends => rank(segments, options, ends)).Min(Comparer<List<double>>.Create(Compare))!;
        Assert.Equal(best, rank(segments, options, [.. found.Ends]));
        for (int stage = 0; stage < options.Stages; stage++)
        {
            Assert.Equal(StageTime(segments, options, [.. found.Ends], stage), found.StageTimes[stage], 1e-9);
        }
    }

    public static Partition? TrySolve(SegmentCosts[] segments, PartitionOptions options)
    {
        try
        {
            return Partitioner.Solve(segments, options);
        }
        catch (PartitionException)
        {
            return null;
        }
    }

    /// <summary>Slowest stage first, then the bytes over all cuts.</summary>
    public static List<double> ByStages(SegmentCosts[] segments, PartitionOptions options, int[] ends) =>
        [.. ends.Select((_, stage) => StageTime(segments, options, ends, stage)).OrderDescending(), ends[..^1].Sum(end => segments[end - 1].OutputBytes)];

    /// <summary>The slowest worker, then the slowest stage.</summary>
    public static List<double> ByWorkers(SegmentCosts[] segments, PartitionOptions options, int[] ends)
    {
        var loads = Enumerable.Range(0, options.Workers).Select(worker =>
        {
            var own = Enumerable.Range(0, ends.Length).Where(stage => options.WorkerOfStage[stage] == worker).ToList();
            return options.Transfers == TransferMode.Added
                ? own.Sum(stage => StageTime(segments, options, ends, stage))
                : Math.Max(own.Sum(stage => Run(segments, ends, stage).Sum(s => s.Total)), own.Max(stage => 2 * Into(segments, options, ends, stage)));
        });
        return [loads.Max(), ends.Select((_, stage) => StageTime(segments, options, ends, stage)).Max()];
    }

    public static bool Feasible(SegmentCosts[] segments, PartitionOptions options, int[] ends)
    {
        bool cuts = ends[..^1].All(end => segments[end - 1].CanCutAfter);
        bool pins = Enumerable.Range(0, ends.Length).All(stage => Run(segments, ends, stage).All(s => s.PinnedStage is null || s.PinnedStage == stage));
        bool fits = options.MemoryCaps is null || Enumerable.Range(0, options.Workers).All(worker =>
            Enumerable.Range(0, ends.Length).Where(stage => options.WorkerOfStage[stage] == worker).Sum(stage => Run(segments, ends, stage).Sum(s =>
                (s.ParameterBytes * (options.WeightVersions?[stage] ?? 1)) + s.StateBytes + (s.ActivationBytes * (options.InFlight?[stage] ?? 1))))
            <= options.MemoryCaps[worker]);
        return cuts && pins && fits;
    }

    private static double StageTime(SegmentCosts[] segments, PartitionOptions options, int[] ends, int stage)
    {
        double work = Run(segments, ends, stage).Sum(segment => segment.Total);
        double back = Into(segments, options, ends, stage);
        double forth = stage + 1 < ends.Length ? Into(segments, options, ends, stage + 1) : 0;
        return options.Transfers == TransferMode.Added ? work + back + forth : Math.Max(work, 2 * back);
    }

    private static double Into(SegmentCosts[] segments, PartitionOptions options, int[] ends, int stage) =>
        stage == 0 || options.WorkerOfStage[stage - 1] == options.WorkerOfStage[stage]
            ? 0
            : options.LinkLatency + (segments[ends[stage - 1] - 1].OutputBytes / options.LinkBandwidth);

    private static SegmentCosts[] Run(SegmentCosts[] segments, int[] ends, int stage) => segments[(stage == 0 ? 0 : ends[stage - 1])..ends[stage]];

    private static IEnumerable<int[]> Cuts(int count, int stages) => stages == 1
        ? [[count]]
        : from first in Enumerable.Range(1, Math.Max(0, count - stages + 1))
          from rest in Cuts(count - first, stages - 1)
          select (int[])[first, .. rest.Select(end => end + first)];

    private static int Compare(List<double>? a, List<double>? b)
    {
        int i = 0;
        while (i < a!.Count && Math.Abs(a[i] - b![i]) < 1e-9)
        {
            i++;
        }

        return i == a.Count ? 0 : a[i].CompareTo(b![i]);
    }
}
