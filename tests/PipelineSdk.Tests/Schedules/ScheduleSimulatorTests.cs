using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class ScheduleSimulatorTests
{
    [Fact]
    public void LatencyDelaysEveryHandOverBetweenWorkers()
    {
        var program = PipelineSchedule.GPipe.Build(new(2, 2, 1));
        var simulation = ScheduleSimulator.Run(program, new([new(1, 1, 1), new(1, 1, 1)]) { LinkLatency = 0.5 });
        Assert.Equal([(0.0, 1.0), (5.0, 7.0)], simulation.Workers[0].Select(a => (a.Start, a.End)));
        Assert.Equal([(1.5, 2.5), (2.5, 4.5)], simulation.Workers[1].Select(a => (a.Start, a.End)));
        Assert.Equal(7, simulation.Makespan);
        Assert.Equal([4.0, 4.0], simulation.FlushBubble);
    }

    [Fact]
    public void UnequalStagesWaitForTheSlowest()
    {
        var program = PipelineSchedule.OneForwardOneBackward.Build(new(2, 2, 4));
        var simulation = ScheduleSimulator.Run(program, new([new(1, 1, 0), new(3, 3, 0)]));
        Assert.Equal(1 + (4 * 6) + 1, simulation.Makespan);
        Assert.Equal([8.0, 24.0], simulation.Busy);
    }

    [Fact]
    public void AFullLinkHoldsItsSender()
    {
        var program = new ForwardOnlySchedule().Build(new(2, 2, 4));
        var costs = new ScheduleCosts([new(1, 0, 0), new(10, 0, 0)]);
        Assert.Equal([0.0, 1, 2, 3], ScheduleSimulator.Run(program, costs).Workers[0].Select(a => a.Start));
        var bounded = new ScheduleCosts(costs.Stages) { LinkCapacity = 1 };
        Assert.Equal([0.0, 1, 2, 11], ScheduleSimulator.Run(program, bounded).Workers[0].Select(a => a.Start));
    }

    [Fact]
    public void CostsForAnotherNumberOfStagesAreRefused() =>
        Assert.Throws<ArgumentException>(() =>
            ScheduleSimulator.Run(PipelineSchedule.GPipe.Build(new(2, 2, 1)), ScheduleCosts.Equal(3, new(1, 1, 1))));

    [Fact]
    public void AProgramThatCannotRunIsRefused() =>
        Assert.Throws<ScheduleException>(() => ScheduleSimulator.Run(
            new("backwards", new(1, 1, 1), [0], [[new(0, ActionKind.Backward, 0), new(0, ActionKind.Forward, 0)]]),
            ScheduleCosts.Equal(1, new(1, 1, 1))));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void ATimeThatIsNoneIsRefused(double time)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new StageCosts(time, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StageCosts(1, 1, 1) { Backward = time });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleCosts([]) { LinkLatency = time });
    }
}
