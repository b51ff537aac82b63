using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using static TorchSharp.torch;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>What is left to look at when a step fails, or when those who look at it do.</summary>
[Collection(SpanTests.Name)]
public sealed class FailedStepTests
{
    private const int MicroBatches = 4;

    [Fact]
    public void The_exception_carries_what_had_run_until_then()
    {
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.GPipe, MicroBatches);
        var calls = 0;
        net.InStage2 = _ => Fail(++calls == 3);
        var heard = new List<StepTimeline>();
        using var subscription = StepTimelines.Subscribe(heard.Add);

        var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep());

        var timeline = Assert.Single(heard);
        Assert.Same(timeline, failure.Timeline);
        Assert.Same(failure, timeline.Failure);
        Assert.Equal("2F2", Assert.Single(timeline.Actions, action => action.Action == failure.Action).Action.ToString());
        Assert.Equal(2 * Pipelines.Stages * MicroBatches, timeline.Actions.Count + timeline.ActionsNotRun);
        Assert.InRange(timeline.ActionsNotRun, 1 + (Pipelines.Stages * MicroBatches), 2 * Pipelines.Stages * MicroBatches);
        Assert.Equal((16L, "cpu"), (timeline.Samples, timeline.Device));

        static void Fail(bool now)
        {
            if (now) throw new InvalidDataException("shapes differ");
        }
    }

    [Fact]
    public void A_cancelled_step_is_heard_of_too()
    {
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.GPipe, MicroBatches);
        using var cancellation = new CancellationTokenSource();
        net.InStage2 = _ => cancellation.Cancel();
        var heard = new List<StepTimeline>();
        using var subscription = StepTimelines.Subscribe(heard.Add);
        using var scope = NewDisposeScope();

        Assert.Throws<OperationCanceledException>(() => pipeline.TrainStep(
            rand(16, 6), rand(16, 3), static (output, target) => nn.functional.mse_loss(output, target), cancellation.Token));

        Assert.IsType<OperationCanceledException>(Assert.Single(heard).Failure);
    }

    [Fact]
    public void Failures_are_counted_by_the_type_that_the_stage_threw()
    {
        using var measured = new MeasurementRecorder();
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.OneForwardOneBackward, MicroBatches);
        net.InStage2 = _ => throw new InvalidDataException("shapes differ");
        Assert.Throws<PipelineException>(() => pipeline.TrainStep());
        net.InStage2 = null;
        pipeline.TrainStep();

        var failure = Assert.Single(measured.Of(PipelineSdkDiagnostics.StepFailuresMetric));
        Assert.Equal("System.IO.InvalidDataException", failure.Tags[PipelineAttributes.ErrorType]);
        Assert.Equal(16, Assert.Single(measured.Of(PipelineSdkDiagnostics.SamplesMetric)).Value);
        Assert.Single(measured.Of(PipelineSdkDiagnostics.StepDurationMetric));
    }

    [Fact]
    public void Pauses_of_the_garbage_collector_are_on_the_step()
    {
        using var recorder = new SpanRecorder();
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.GPipe, MicroBatches);
        net.InStage2 = _ => GC.Collect();

        var timeline = pipeline.TrainStep().Timeline;

        var step = recorder.Ended.Single(span => span.OperationName == PipelineSdkDiagnostics.StepSpan);
        Assert.InRange(timeline.GarbageCollection, TimeSpan.FromTicks(1), timeline.Duration);
        Assert.Equal(timeline.GarbageCollection.TotalSeconds, step.GetTagItem(PipelineAttributes.GcPauseDuration));
        Assert.Equal(16L, step.GetTagItem(PipelineAttributes.Samples));
    }

    [Fact]
    public void A_listener_that_throws_is_warned_of_once_and_counted_and_the_training_goes_on()
    {
        using var thrower = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ => throw new InvalidOperationException("a listener's own trouble"),
        };
        ActivitySource.AddActivityListener(thrower);
        using var observer = StepTimelines.Subscribe(_ => throw new InvalidOperationException("an observer's own trouble"));
        var log = new ListLogger();
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.GPipe, MicroBatches, log);
        var before = PipelineTelemetry.ListenerFaults;

        for (var step = 0; step < 3; step++) Assert.True(double.IsFinite(pipeline.TrainStep().Loss));

        Assert.Equal(before + (3 * (2 + (2 * Pipelines.Stages * MicroBatches))), PipelineTelemetry.ListenerFaults);
        Assert.Single(log.Entries, entry => entry.Message.Contains("a listener of its telemetry threw", StringComparison.Ordinal));
    }
}
