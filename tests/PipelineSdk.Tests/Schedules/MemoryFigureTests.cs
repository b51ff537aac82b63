using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class MemoryFigureTests
{
    private static readonly StageCosts Stage = new(1, 1, 1) { ActivationBytes = 100, WeightGradientBytes = 30, WeightBytes = 1000, StateBytes = 7 };

    [Fact]
    public void ActivationsOfOneForwardOneBackwardFallFromWorkerToWorker() =>
        Assert.Equal([400L, 300, 200, 100], Simulate("1F1B", new(4, 4, 8)).PeakActivationBytes);

    [Fact]
    public void GPipeHoldsAllMicroBatches() => Assert.Equal([800L, 800, 800, 800], Simulate("GPipe", new(4, 4, 8)).PeakActivationBytes);

    /// <summary>Worker r of ZB-H1 holds p-r micro-batches before their input gradient, and r after it.</summary>
    [Fact]
    public void AnInputGradientFreesWhatTheWeightGradientDoesNotNeed() =>
        Assert.Equal([400L, 330, 260, 190], Simulate("ZB-H1", new(4, 4, 8)).PeakActivationBytes);

    [Fact]
    public void AForwardAloneHoldsOneMicroBatch() => Assert.Equal([100L, 100], Simulate("ForwardOnly", new(2, 4, 8)).PeakActivationBytes);

    [Fact]
    public void WeightsCountOncePerVersion()
    {
        Assert.Equal([1007L + 100, 1007 + 100], Simulate("1F1B", new(2, 2, 1)).PeakBytes);
        Assert.Equal([4 * 1000L + 7, 3 * 1000 + 7, 2 * 1000 + 7, 1000 + 7], WithoutActivations("PipeDream", new(4, 4, 8)));
        Assert.Equal([2007L, 2007, 2007, 2007], WithoutActivations("PipeDream-2BW", new(4, 4, 12)));
        Assert.Equal([2014L, 2014], WithoutActivations("ZB-V", new(2, 4, 8)));
    }

    [Fact]
    public void ASizeBelowZeroIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StageCosts(1, 1, 1) { WeightBytes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new StageCosts(1, 1, 1) { WeightGradientBytes = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleCosts([]) { LinkBandwidth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleCosts([]) { LinkBandwidth = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleCosts([]) { LinkCapacity = 0 });
    }

    private static ScheduleSimulation Simulate(string name, ScheduleShape shape) =>
        ScheduleSimulator.Run(ScheduleCatalog.Get(name).Build(shape), ScheduleCosts.Equal(shape.Stages, Stage));

    private static IEnumerable<long> WithoutActivations(string name, ScheduleShape shape)
    {
        var simulation = Simulate(name, shape);
        return simulation.PeakBytes.Zip(simulation.PeakActivationBytes, (all, activations) => all - activations);
    }
}
