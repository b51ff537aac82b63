using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class WeightVersionTests
{
    [Fact]
    public void PipeDreamsOrderIsOneForwardOneBackwardWithAStepAfterEveryBackward()
    {
        var program = PipelineSchedule.PipeDream.Build(new(2, 2, 3));
        Assert.Equal("0F0 0F1 0B0 0U0@1 0F2@1 0B1 0U1@2 0B2@1 0U2@3", string.Join(' ', program.Workers[0]));
        Assert.Equal("1F0 1B0 1U0@1 1F1@1 1B1@1 1U1@2 1F2@2 1B2@2 1U2@3", string.Join(' ', program.Workers[1]));
        Assert.True(program.IsAsynchronous);
        Assert.False(PipelineSchedule.OneForwardOneBackward.Build(new(2, 2, 3)).IsAsynchronous);
    }

    [Fact]
    public void PipeDreamsStalenessGrowsToTheDistanceFromTheLastStageAndStays()
    {
        for (int n = 1; n <= 8; n++)
        {
            var versions = Versions(PipelineSchedule.PipeDream.Build(new(n, n, 32)));
            for (int stage = 0; stage < n; stage++)
            {
                Assert.Equal(Enumerable.Range(0, 32).Select(k => Math.Min(k, n - 1 - stage)), versions.Staleness[stage]);
                Assert.Equal(n - stage, versions.PeakVersions[stage]);
            }
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(8)]
    [InlineData(11)]
    public void TwoBufferedWeightsAreOneStepStaleOnEveryStageAndNeedTwoVersions(int? batch)
    {
        for (int n = 2; n <= 8; n++)
        {
            int size = batch ?? n;
            var program = new PipeDreamTwoBufferedWeightsSchedule(batch).Build(new(n, n, 32));
            var versions = Versions(program);
            Assert.All(versions.Staleness, stage => Assert.Equal(Enumerable.Range(0, 32).Select(k => k < size ? 0 : 1), stage));
            Assert.All(versions.PeakVersions, peak => Assert.Equal(2, peak));
            foreach (var reads in program.Workers.SelectMany(actions => actions).Where(a => a.Kind == ActionKind.Forward).GroupBy(a => a.MicroBatch))
            {
                Assert.Single(reads.Select(action => action.WeightVersion).Distinct());
            }
        }
    }

    [Fact]
    public void TwoBufferedWeightsAreRefusedForFewerMicroBatchesPerStepThanWorkers()
    {
        var error = Assert.Throws<ArgumentException>(() => new PipeDreamTwoBufferedWeightsSchedule(3).Build(new(4, 4, 12)));
        Assert.Contains("steps after 3 micro-batches", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PipeDreamTwoBufferedWeightsSchedule(0));
    }

    [Theory]
    [InlineData("0F0@1 0B0@1 0U0@1", "reads version 1 of the weights, but the newest is 0")]
    [InlineData("0F0 0B0 0U0@2", "makes version 2 of the weights, but the newest is 0")]
    [InlineData("0F0 0B0 0U0@1 0F1@1 0B1 0U1@2", "reads version 0 of the weights, but its forward read version 1")]
    [InlineData("0F0 0B0 0U0@1 0F1@1 0B1@1", "its gradients are lost")]
    [InlineData("0F0 0F1 0B0 0B1 0U0@1 0U1@2", "has no new gradients to use")]
    [InlineData("0F0@1 0B0@1", "reads a version of the weights that no update makes")]
    public void AnInconsistentVersionIsRefused(string actions, string reason)
    {
        var (proof, error) = ScheduleCheck.TryVerify(ScheduleText.Parse(actions));
        Assert.Null(proof);
        Assert.Equal(ScheduleViolation.WeightVersion, error!.Violation);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepBeforeItsGradientsIsRefused()
    {
        var (_, error) = ScheduleCheck.TryVerify(ScheduleText.Parse("0F0 0U0@1 0B0"));
        Assert.Equal(ScheduleViolation.DependencyOrder, error!.Violation);
    }

    private static WeightVersions Versions(ScheduleProgram program) =>
        Assert.IsType<WeightVersions>(ScheduleCheck.Verify(program).WeightVersions);
}
