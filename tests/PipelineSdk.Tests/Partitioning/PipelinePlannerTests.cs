using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

public sealed class PipelinePlannerTests
{
    [Fact]
    public void TheBestPlanIsTheFastestOfAllItTried()
    {
        var result = PipelinePlanner.Search(Profile(24), new(64, 4) { MicroBatches = [1, 4, 8] });
        Assert.All(result.Candidates, candidate => Assert.True(candidate.Simulation.Makespan >= (1 - 1e-8) * result.Candidates[0].Simulation.Makespan));
        Assert.Same(result.Candidates[0].Plan, result.Best);
        Assert.Contains(result.Candidates, candidate => candidate.Plan.Schedule.Name == "1F1B" && candidate.Plan.Shape == new ScheduleShape(4, 4, 8));
        Assert.Equal(4, result.Best.Shape.Workers);
    }

    [Fact]
    public void OfEquallyFastPlansTheOneWithLessMemoryComesFirst()
    {
        // Added up in GPipe's order these times come to 2e-14 less than in that of 1F1B.
        var profile = new ModelProfile("Net", 1, [new("a", 2.1, 0.7, 0.1) { ActivationBytes = 100 }, new("b", 2.1, 0.7, 0.7) { ActivationBytes = 100 }])
        {
            ActionOverhead = 0.1,
        };
        var options = new PlannerOptions(16, 2)
        {
            MicroBatches = [16],
            Schedules = [PipelineSchedule.GPipe, PipelineSchedule.OneForwardOneBackward],
            StagesPerWorker = 1,
        };
        var candidates = PipelinePlanner.Search(profile, options).Candidates.Where(candidate => candidate.Plan.Shape.Workers == 2).ToList();
        Assert.Equal(["1F1B", "GPipe"], candidates.Select(candidate => candidate.Plan.Schedule.Name));
        Assert.True(candidates[0].Simulation.Makespan > candidates[1].Simulation.Makespan);
    }

    [Fact]
    public void APredictionIsWhatTheSimulatorFindsForThePlan()
    {
        var profile = Profile(10);
        foreach (var candidate in PipelinePlanner.Search(profile, new(32, 3) { MicroBatches = [2, 8] }).Candidates)
        {
            var plan = candidate.Plan;
            var segments = profile.ScaledTo(32.0 / plan.Shape.MicroBatches);
            var stages = plan.Stages.Select(stage => new StageCosts(
                segments.Take(stage.End).Skip(stage.Start).Sum(s => s.Forward) + profile.ActionOverhead,
                segments.Take(stage.End).Skip(stage.Start).Sum(s => s.InputGradient) + profile.ActionOverhead,
                segments.Take(stage.End).Skip(stage.Start).Sum(s => s.WeightGradient) + profile.ActionOverhead)
            {
                Backward = segments.Take(stage.End).Skip(stage.Start).Sum(s => s.InputGradient + s.WeightGradient) + profile.ActionOverhead,
            }).ToArray();
            Assert.Equal(plan.Predicted.Makespan, ScheduleSimulator.Run(plan.Schedule.Build(plan.Shape), new(stages)).Makespan, 1e-9);
            Assert.Equal(plan.Predicted.PeakBytes, candidate.Simulation.PeakBytes);
        }
    }

    [Fact]
    public void AMemoryCapRulesOutWhatHoldsTooMuch()
    {
        var options = new PlannerOptions(64, 4) { MicroBatches = [16], StagesPerWorker = 1 };
        var free = PipelinePlanner.Search(Profile(8), options);
        Assert.Contains(free.Candidates, candidate => candidate.Plan.Schedule.Name == "GPipe" && candidate.Plan.Shape.Workers == 4);
        long need = free.Candidates.First(candidate => candidate.Plan.Schedule.Name == "1F1B" && candidate.Plan.Shape.Workers == 4).Simulation.PeakBytes.Max();
        var capped = PipelinePlanner.Search(Profile(8), new(64, 4) { MicroBatches = [16], StagesPerWorker = 1, MemoryCap = need });
        Assert.Contains(capped.Candidates, candidate => candidate.Plan.Schedule.Name == "1F1B");
        Assert.DoesNotContain(capped.Candidates, candidate => candidate.Plan.Schedule.Name == "GPipe");
        Assert.Contains(capped.Rejected, rejection => rejection.Schedule.Name == "GPipe" && rejection.Reason.Contains("bytes", StringComparison.Ordinal));
        Assert.All(capped.Candidates, candidate => Assert.True(candidate.Simulation.PeakBytes.Max() <= need));
    }

    [Fact]
    public void WhereNothingFitsTheReasonIsGiven()
    {
        var result = PipelinePlanner.Search(Profile(4), new(8, 2) { MemoryCap = 10 });
        Assert.Empty(result.Candidates);
        Assert.Contains("alone needs", Assert.Throws<PartitionException>(() => result.Best).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryRejectionHasAReason()
    {
        var result = PipelinePlanner.Search(Profile(3), new(8, 4));
        Assert.All(result.Rejected, rejection => Assert.False(string.IsNullOrWhiteSpace(rejection.Reason)));
        Assert.Contains(result.Rejected, rejection => rejection.Reason.Contains("too few for 4 stages", StringComparison.Ordinal));
        Assert.Contains(result.Rejected, rejection => rejection.Schedule.Name == "DualPipeV" && rejection.Reason.Contains("micro-batches", StringComparison.Ordinal));
    }

    [Fact]
    public void TheOverheadOfActionsLimitsTheMicroBatches()
    {
        var cheap = PipelinePlanner.Search(Profile(8, overhead: 0), new(64, 2) { Schedules = [PipelineSchedule.OneForwardOneBackward] });
        var dear = PipelinePlanner.Search(Profile(8, overhead: 20), new(64, 2) { Schedules = [PipelineSchedule.OneForwardOneBackward] });
        Assert.Equal(64, cheap.Best.Shape.MicroBatches);
        Assert.True(dear.Best.Shape.MicroBatches < 16);
    }

    [Fact]
    public void TheTableRanksPlansWithTheirReasons()
    {
        string table = PipelinePlanner.Search(Profile(8), new(16, 2) { MicroBatches = [8] }).ToTable(3);
        string[] lines = table.TrimEnd('\n').Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Contains("schedule", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("1 ", lines[1], StringComparison.Ordinal);
        Assert.Contains(" %", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void APlanFromThePlannerSurvivesItsFile()
    {
        var plan = PipelinePlanner.Search(Profile(12), new(32, 3) { MicroBatches = [8] }).Best;
        string text = PlanFile.Format(plan);
        Assert.Equal(text, PlanFile.Format(PlanFile.Parse(text)));
    }

    [Fact]
    public void OptionsOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlannerOptions(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlannerOptions(1, 0));
        Assert.Throws<ArgumentException>(() => new PlannerOptions(4, 1) { MicroBatches = [8] });
        Assert.Throws<ArgumentException>(() => new PlannerOptions(4, 1) { MicroBatches = [] });
        Assert.Throws<ArgumentException>(() => new PlannerOptions(4, 1) { Schedules = [] });
        Assert.Throws<ArgumentOutOfRangeException>(() => new PlannerOptions(4, 1) { MemoryCap = -1 });
    }

    private static ModelProfile Profile(int segments, double overhead = 0.1) => new(
        "Net", 8, [.. Enumerable.Range(0, segments).Select(i => new SegmentCosts($"s{i}", 1 + (i % 3), 1 + (i % 3), 1 + (i % 2))
        {
            ActivationBytes = 1000,
            OutputBytes = 100,
            ParameterBytes = 50,
            StateBytes = 100,
        })])
    {
        ActionOverhead = overhead,
    };
}
