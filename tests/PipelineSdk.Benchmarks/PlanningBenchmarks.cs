using BenchmarkDotNet.Attributes;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks;

/// <summary>Builder, proof, simulator and partitioners at shapes far beyond those that are run.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private const int Workers = 16;

    private readonly Dictionary<PipelineSchedule, ScheduleProgram> programs = [];
    private readonly IReadOnlyList<SegmentCosts> many = Segments;
    private readonly IReadOnlyList<SegmentCosts> few = Costs(100);

    /// <summary>Schedules of each family: one stage per worker, several, and split backwards.</summary>
    public static IEnumerable<PipelineSchedule> Schedules =>
    [
        PipelineSchedule.OneForwardOneBackward, PipelineSchedule.InterleavedOneForwardOneBackward, PipelineSchedule.ZeroBubbleH1, PipelineSchedule.ZeroBubbleV,
    ];

    /// <summary>Segments of two thousand layers, with costs that don't divide evenly.</summary>
    public static IReadOnlyList<SegmentCosts> Segments { get; } = Costs(2_000);

    [ParamsSource(nameof(Schedules))]
    public PipelineSchedule Schedule { get; set; } = PipelineSchedule.OneForwardOneBackward;

    /// <summary>A shape of about a million actions.</summary>
    public static ScheduleShape ShapeOf(PipelineSchedule schedule)
    {
        var stages = schedule == PipelineSchedule.InterleavedOneForwardOneBackward || schedule == PipelineSchedule.ZeroBubbleV ? 2 * Workers : Workers;
        var kinds = schedule == PipelineSchedule.ZeroBubbleH1 || schedule == PipelineSchedule.ZeroBubbleV ? 3 : 2;
        return new ScheduleShape(Workers, stages, 1_000_000 / (kinds * stages) / Workers * Workers);
    }

    [GlobalSetup]
    public void BuildAll()
    {
        foreach (var schedule in Schedules) programs[schedule] = schedule.Build(ShapeOf(schedule));
    }

    [Benchmark]
    public ScheduleProgram Build() => Schedule.Build(ShapeOf(Schedule));

    [Benchmark]
    public ScheduleProof Prove() => ScheduleCheck.Verify(programs[Schedule]);

    [Benchmark]
    public ScheduleSimulation Simulate() => ScheduleSimulator.Run(
        programs[Schedule], ScheduleCosts.Equal(programs[Schedule].Shape.Stages, new StageCosts(1, 1, 1)));

    [Benchmark]
    public Partition Partition() => Partitioner.Solve(many, new PartitionOptions(Workers));

    [Benchmark]
    public ReplicatedPartition PartitionWithReplicas() => ReplicatedPartitioner.Solve(few, new ReplicationOptions(Workers, bandwidth: 1e9));

    private static SegmentCosts[] Costs(int count)
        => [.. Enumerable.Range(0, count).Select(i => new SegmentCosts(
            $"layer{i}", 1 + (i * 7919 % 101), 1 + (i * 5_501 % 97), 1 + (i * 3_571 % 89)) with { OutputBytes = 1_000 + (i * 31 % 997) })];
}
