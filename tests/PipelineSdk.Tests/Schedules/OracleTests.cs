using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

/// <summary>Orders and figures that were worked out outside this code base.</summary>
public sealed class OracleTests
{
    private const double Exact = 1e-9;

    /// <summary>The oracle file's names, and the schedules here that must reproduce them.</summary>
    private static readonly Dictionary<string, PipelineSchedule> Schedules = new()
    {
        ["GPipe"] = PipelineSchedule.GPipe,
        ["1F1B"] = PipelineSchedule.OneForwardOneBackward,
        ["LoopedBFS"] = PipelineSchedule.LoopedBreadthFirst,
        ["Interleaved1F1B(torch flex)"] = PipelineSchedule.InterleavedOneForwardOneBackward,
        ["InterleavedZeroBubble/ZB1P(torch)"] = PipelineSchedule.InterleavedZeroBubble,
        ["ZBV(torch)"] = PipelineSchedule.ZeroBubbleV,
        ["DualPipeV(torch, F/B sequential)"] = PipelineSchedule.DualPipeV,
    };

    /// <summary>In the file for comparison: a heuristic that depends on the costs. ZB-1p has the figures of ZB-H1; ZB-2p is not
    /// offered.</summary>
    private static readonly string[] NotOffered = ["ZB-1p(sail heuristic)", "ZB-2p(sail heuristic)"];

    public static IEnumerable<object[]> Cases =>
        Schedules.Keys.SelectMany(name => Oracle.Of(name)).Select(oracle => new object[] { oracle });

    [Fact]
    public void EveryOracleIsUsed() =>
        Assert.Equal(Oracle.All.Select(oracle => oracle.Schedule).Distinct().Order(), Schedules.Keys.Concat(NotOffered).Order());

    [Fact]
    public void ZeroBubbleH1IsTheInterleavedScheduleWithOneStagePerWorker()
    {
        foreach (var oracle in Oracle.Of("InterleavedZeroBubble/ZB1P(torch)").Where(oracle => oracle.Shape.Stages == oracle.Shape.Workers))
        {
            Assert.Equal(oracle.Order, PipelineSchedule.ZeroBubbleH1.Build(oracle.Shape).Workers.Select(actions => string.Join(' ', actions)));
        }
    }

    [Fact]
    public void ZeroBubbleH1IsAsGoodAsTheCostDrivenHeuristicOfEqualMemory()
    {
        foreach (var oracle in Oracle.Of("ZB-1p(sail heuristic)"))
        {
            var simulation = ScheduleSimulator.Run(PipelineSchedule.ZeroBubbleH1.Build(oracle.Shape), ScheduleCosts.Equal(oracle.Shape.Stages, oracle.Costs));
            Assert.Equal(oracle.Makespan, simulation.Makespan, Exact);
        }
    }

    /// <summary>Figures of the authors' implementation, with F, I and W of 1 per worker.</summary>
    [Theory]
    [InlineData("V-Half", 26.5, 6)]
    [InlineData("V-Min", 29.5, 4)]
    public void TheSchedulesOfControllableMemoryHaveTheAuthorsFigures(string name, double makespan, int peak)
    {
        var program = ScheduleCatalog.Get(name).Build(new(4, 8, 8));
        Assert.Equal(makespan, ScheduleSimulator.Run(program, ScheduleCosts.Equal(8, new(0.5, 0.5, 0.5))).Makespan, Exact);
        Assert.Equal(peak, ScheduleCheck.Verify(program).PeakInFlight.Max());
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheOrderOfEveryWorkerIsThePublishedOne(Oracle oracle)
    {
        var program = Build(oracle);
        Assert.Equal(oracle.Order, program.Workers.Select(actions => string.Join(' ', actions)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheSimulatedFiguresAreThePublishedOnes(Oracle oracle)
    {
        var simulation = ScheduleSimulator.Run(Build(oracle), ScheduleCosts.Equal(oracle.Shape.Stages, oracle.Costs));
        Assert.Equal(oracle.Makespan, simulation.Makespan, Exact);
        AssertEqual(oracle.Busy, simulation.Busy);
        AssertEqual(oracle.FlushBubble, simulation.FlushBubble);
        Assert.Equal(oracle.FlushBubbleFraction, simulation.FlushBubbleFraction, 1e-6);
        Assert.Equal(oracle.SpanBubbleMax, simulation.SpanBubble.Max(), Exact);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TheProvedPeaksAreThePublishedOnes(Oracle oracle)
    {
        var proof = ScheduleCheck.Verify(Build(oracle));
        Assert.Equal(oracle.PeakUntilWeightGradient, proof.PeakInFlight);
        Assert.Equal(oracle.PeakUntilInputGradient, proof.PeakInFlightUntilInputGradient);
    }

    private static ScheduleProgram Build(Oracle oracle) => Schedules[oracle.Schedule].Build(oracle.Shape);

    private static void AssertEqual(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Exact));
    }
}
