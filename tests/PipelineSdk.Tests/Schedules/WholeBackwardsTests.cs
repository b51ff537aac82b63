using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

/// <summary>Backwards of the first stage are split only where something runs between their halves.</summary>
public sealed class WholeBackwardsTests
{
    [Fact]
    public void The_first_stage_of_ZB_H1_runs_whole_backwards_and_the_others_split_ones()
    {
        var program = WholeBackwards.Of(PipelineSchedule.ZeroBubbleH1.Build(new(2, 2, 3)));
        Assert.Equal("0F0 0F1 0B0 0F2 0B1 0B2", string.Join(' ', program.Workers[0]));
        Assert.Equal("1F0 1I0 1F1 1I1 1W0 1F2 1I2 1W1 1W2", string.Join(' ', program.Workers[1]));
    }

    [Fact]
    public void Halves_with_something_between_them_stay_halves()
    {
        var program = ScheduleText.Parse("0F0 0F1 0I0 0I1 0W0 0W1", name: "Own");
        Assert.Same(program, WholeBackwards.Of(program));
    }

    [Fact]
    public void Whatever_is_joined_is_proven_takes_no_longer_and_does_the_same() => Assert.All(ScheduleCatalog.All, schedule =>
    {
        foreach (var (workers, perWorker, microBatches) in new[] { (1, 1, 4), (2, 1, 8), (2, 2, 8), (3, 1, 5), (4, 1, 4), (4, 2, 12) })
        {
            var shape = new ScheduleShape(workers, workers * perWorker, microBatches);
            if (schedule.WhyNot(shape) is not null) continue;
            var program = schedule.Build(shape);
            var joined = WholeBackwards.Of(program);
            var proof = ScheduleCheck.Verify(joined);
            Assert.All(proof.PeakInFlight.Zip(ScheduleCheck.Verify(program).PeakInFlight), peak => Assert.True(peak.First <= peak.Second));

            var costs = ScheduleCosts.Equal(shape.Stages, new StageCosts(3, 4, 2));
            Assert.True(ScheduleSimulator.Run(joined, costs).Makespan <= ScheduleSimulator.Run(program, costs).Makespan, $"{schedule.Name}, {shape}");
            Assert.Equal(Halves(program), Halves(joined));
        }
    });

    private static IEnumerable<PipelineAction> Halves(ScheduleProgram program) => program.Workers.SelectMany(actions => actions)
        .SelectMany(action => action is { Stage: 0, Kind: ActionKind.Backward }
            ? new[] { action with { Kind = ActionKind.InputGradient }, action with { Kind = ActionKind.WeightGradient } }
            : [action])
        .OrderBy(action => action.ToString(), StringComparer.Ordinal);
}
