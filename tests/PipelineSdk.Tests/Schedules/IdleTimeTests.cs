using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class IdleTimeTests
{
    [Fact]
    public void FillAndDrainStandAtTheEnds()
    {
        var simulation = Simulate(PipelineSchedule.GPipe, new(3, 3, 2), ScheduleCosts.Equal(3, new(1, 1, 1)));
        Assert.Equal([(0.0, 1.0, IdleReason.Fill), (3, 6, IdleReason.Dependency)], Times(simulation, 1)[..2].Select(i => (i.Start, i.End, i.Reason)));
        Assert.Equal((2, 0.0, 2.0, IdleReason.Fill), Last(simulation, 2, first: true));
        Assert.Equal((2, 8.0, 12.0, IdleReason.Drain), Last(simulation, 2, first: false));
        Assert.Equal(4, simulation.Idle[2][^1].Slot);
    }

    [Fact]
    public void ASlowStageMakesTheOthersIdleByImbalance()
    {
        var costs = new ScheduleCosts([new(1, 1, 0), new(1, 1, 0), new(4, 4, 0), new(1, 1, 0)]);
        var simulation = Simulate(PipelineSchedule.OneForwardOneBackward, new(4, 4, 32), costs);
        Assert.Equal(0, simulation.IdleTime[2].Imbalance);
        Assert.All([0, 1, 3], worker => Assert.True(simulation.IdleTime[worker].Imbalance > 0.9 * simulation.FlushBubble[worker] - 20));
        Assert.All([0, 1, 3], worker => Assert.Equal(IdleReason.Imbalance, simulation.IdleTime[worker].Reason));
    }

    [Fact]
    public void ASlowLinkMakesWorkersIdleByTransfer()
    {
        var costs = new ScheduleCosts([new(1, 1, 0) { OutputBytes = 30 }, new(1, 1, 0)]) { LinkBandwidth = 10, LinkLatency = 0.5 };
        var simulation = Simulate(PipelineSchedule.OneForwardOneBackward, new(2, 2, 8), costs);
        Assert.Equal(IdleReason.Transfer, simulation.IdleTime[1].Reason);
        Assert.Equal(0, simulation.IdleTime.Sum(time => time.Imbalance));
        Assert.Equal(1 + 3 + 0.5, simulation.Workers[1][0].Start);
    }

    [Fact]
    public void MessagesOverOneLinkFollowOneAnother()
    {
        var costs = new ScheduleCosts([new(1, 0, 0) { OutputBytes = 30 }, new(0, 0, 0)]) { LinkBandwidth = 10, LinkLatency = 0.5 };
        var simulation = Simulate(PipelineSchedule.ForwardOnly, new(2, 2, 3), costs);
        Assert.Equal([4.5, 7.5, 10.5], simulation.Workers[1].Select(action => action.Start));
        Assert.Equal([0.0, 1, 2], simulation.Workers[0].Select(action => action.Start));
    }

    [Fact]
    public void GradientsTravelBackAsLargeAsTheOutputTheyBelongTo()
    {
        var costs = new ScheduleCosts([new(1, 1, 0) { OutputBytes = 30 }, new(1, 1, 0) { OutputBytes = 9999 }]) { LinkBandwidth = 10 };
        var simulation = Simulate(PipelineSchedule.GPipe, new(2, 2, 1), costs);
        Assert.Equal(1 + 3 + 1 + 1 + 3, simulation.Workers[0][1].Start);
    }

    [Fact]
    public void AFullLinkIsAReasonOfItsOwn()
    {
        var costs = new ScheduleCosts([new(1, 0, 0), new(10, 0, 0)]) { LinkCapacity = 1 };
        var simulation = Simulate(PipelineSchedule.ForwardOnly, new(2, 2, 4), costs);
        var full = simulation.Idle[0].Where(interval => interval.Reason == IdleReason.LinkFull).ToList();
        Assert.Equal([(2, 3.0, 11.0), (3, 12.0, 21.0)], full.Select(interval => (interval.Slot, interval.Start, interval.End)));
    }

    [Fact]
    public void IdleTimesAreTheGapsAndSumToTheFlushBubble() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
        (from program in ScheduleGenerators.Programs(12)
         from costs in ScheduleGenerators.Costs(program.Shape.Stages)
         from bandwidth in Gen.Elements(double.PositiveInfinity, 4, 0.5)
         select (program, new ScheduleCosts([.. costs.Stages.Select((stage, i) => stage with { OutputBytes = i % 3 })])
         {
             LinkLatency = costs.LinkLatency,
             LinkBandwidth = bandwidth,
             LinkCapacity = costs.LinkCapacity,
         })).ToArbitrary(),
        input =>
        {
            var simulation = ScheduleSimulator.Run(input.program, input.Item2);
            for (int worker = 0; worker < simulation.Workers.Count; worker++)
            {
                Assert.Equal(simulation.FlushBubble[worker], simulation.IdleTime[worker].Total, 1e-9);
                double at = 0;
                foreach (var interval in simulation.Idle[worker])
                {
                    Assert.True(interval.Start >= at && interval.End > interval.Start);
                    Assert.Equal(interval.End - interval.Start, interval.Time.Total, 1e-9);
                    Assert.DoesNotContain(simulation.Workers[worker], a => a.Start < interval.End && a.End > interval.Start && a.End > a.Start);
                    at = interval.End;
                }

                bool freeLinks = double.IsInfinity(simulation.Costs.LinkBandwidth) && simulation.Costs.LinkLatency == 0 && simulation.Costs.LinkCapacity is null;
                Assert.True(!freeLinks || simulation.IdleTime[worker].Transfer == 0);
            }
        }));

    [Fact]
    public void EqualStagesAreNeverIdleByImbalance()
    {
        foreach (var schedule in ScheduleCatalog.All)
        {
            var shape = schedule.NearestShapes(new(4, 8, 8), 1)[0];
            var simulation = Simulate(schedule, shape, ScheduleCosts.Equal(shape.Stages, new(1, 1.25, 0.75)));
            Assert.All(simulation.IdleTime, time => Assert.Equal(0, time.Imbalance + time.Transfer + time.LinkFull));
        }
    }

    private static ScheduleSimulation Simulate(PipelineSchedule schedule, ScheduleShape shape, ScheduleCosts costs) =>
        ScheduleSimulator.Run(schedule.Build(shape), costs);

    private static IdleInterval[] Times(ScheduleSimulation simulation, int worker) => [.. simulation.Idle[worker]];

    private static (int Worker, double Start, double End, IdleReason Reason) Last(ScheduleSimulation simulation, int worker, bool first)
    {
        var interval = first ? simulation.Idle[worker][0] : simulation.Idle[worker][^1];
        return (interval.Worker, interval.Start, interval.End, interval.Reason);
    }
}
