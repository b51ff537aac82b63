using PipelineSdk.Partitioning;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

public sealed class CostTests
{
    [Fact]
    public void AMeasuredTimeLeavesOutTheWarmUpAndTheOutliers()
    {
        var time = MeasuredTime.From([900, 300, 10, 11, 12, 11, 10, 250, 12], warmUp: 2);
        Assert.Equal(new MeasuredTime(11, 1, 6, 1), time);
        Assert.Equal(new MeasuredTime(5, 0, 3, 1), MeasuredTime.From([5, 5, 5, 9]));
        Assert.Equal(new MeasuredTime(1.5, 0.5, 2, 0), MeasuredTime.From([1, 2]));
    }

    [Fact]
    public void MeasurementsThatAreNoneAreRefused()
    {
        Assert.Throws<ArgumentException>(() => MeasuredTime.From([1, 2], warmUp: 2));
        Assert.Throws<ArgumentException>(() => MeasuredTime.From([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => MeasuredTime.From([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MeasuredTime.From([1], warmUp: -1));
    }

    [Fact]
    public void AnEstimateFollowsFromCounts()
    {
        var costs = CostEstimate.FromCounts("linear", samples: 8, parameters: 100, activations: 10, outputs: 5);
        Assert.Equal((1680.0, 1680, 1600), (costs.Forward, costs.InputGradient, costs.WeightGradient));
        Assert.Equal((400L, 320, 160), (costs.ParameterBytes, costs.ActivationBytes, costs.OutputBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => CostEstimate.FromCounts("x", 0, 1, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => CostEstimate.FromCounts("x", 1, -1, 1, 1));
        Assert.True(CostEstimate.FromCounts("x", int.MaxValue, long.MaxValue, long.MaxValue, long.MaxValue).ParameterBytes > 0);
    }

    [Fact]
    public void AProfileScalesWithTheSamplesButNotItsParameters()
    {
        var profile = new ModelProfile("M", 4, [new("a", 1, 2, 3) { ActivationBytes = 10, OutputBytes = 3, ParameterBytes = 7 }]);
        var scaled = profile.ScaledTo(2)[0];
        Assert.Equal((0.5, 1.0, 1.5), (scaled.Forward, scaled.InputGradient, scaled.WeightGradient));
        Assert.Equal((5L, 2L, 7L), (scaled.ActivationBytes, scaled.OutputBytes, scaled.ParameterBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => profile.ScaledTo(0));
        Assert.Throws<ArgumentException>(() => new ModelProfile("M", 1, []));
    }
}
