using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

[Collection(SpanTests.Name)]
public sealed class StepTimelinesTests
{
    private static readonly StepTimeline Step = Timelines.Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 2);

    [Fact]
    public void An_observer_hears_of_every_step_until_it_leaves()
    {
        var heard = new List<StepTimeline>();
        var subscription = StepTimelines.Subscribe(heard.Add);

        StepTimelines.Publish(Step);
        StepTimelines.Publish(Step);
        subscription.Dispose();
        subscription.Dispose();
        StepTimelines.Publish(Step);

        Assert.Equal([Step, Step], heard);
    }

    [Fact]
    public void The_same_observer_may_subscribe_twice_and_leave_once()
    {
        var heard = 0;
        Action<StepTimeline> observer = _ => heard++;
        var first = StepTimelines.Subscribe(observer);
        using var second = StepTimelines.Subscribe(observer);
        first.Dispose();
        first.Dispose();

        StepTimelines.Publish(Step);

        Assert.Equal(1, heard);
    }

    [Fact]
    public void One_that_throws_is_counted_and_the_others_still_hear()
    {
        var heard = 0;
        var before = PipelineTelemetry.ListenerFaults;
        using var thrower = StepTimelines.Subscribe(_ => throw new InvalidOperationException("an observer's own trouble"));
        using var other = StepTimelines.Subscribe(_ => heard++);

        StepTimelines.Publish(Step);

        Assert.Equal(1, heard);
        Assert.Equal(before + 1, PipelineTelemetry.ListenerFaults);
        Assert.Equal("an observer's own trouble", PipelineTelemetry.LastListenerFault!.Message);
    }
}
