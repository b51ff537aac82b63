using System.Diagnostics.Metrics;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.Diagnostics.PipelineSdkDiagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

[Collection(SpanTests.Name)]
public sealed class PipelineMetricsTests
{
    private static readonly string[] StepTags = [PipelineAttributes.PipelineName, PipelineAttributes.ScheduleName, PipelineAttributes.Mode];

    [Fact]
    public void A_step_is_measured_once_per_instrument()
    {
        var measured = Measure(Timelines.Simulate(PipelineSchedule.GPipe, workers: 4, microBatches: 8, samples: 66, paused: Timelines.Ms(3)));

        AssertOne(StepDurationMetric, "s", 0.033);
        AssertOne(MicroBatchesMetric, "{microbatch}", 8);
        AssertOne(SamplesMetric, "{sample}", 66);
        AssertOne(ThroughputMetric, "{sample}/s", 2000);
        AssertOne(GcPauseMetric, "s", 0.003);
        AssertOne(BubbleRatioMetric, "1", 9.0 / 33);

        void AssertOne(string name, string unit, double value)
        {
            var one = Assert.Single(measured.Of(name));
            Assert.Equal((unit, Math.Round(value, 9)), (one.Unit, Math.Round(one.Value, 9)));
            Assert.Equal(StepTags.Order(), one.Tags.Keys.Order());
            Assert.Equal(("Net", "GPipe", "train"), (one.Tags[StepTags[0]], one.Tags[StepTags[1]], one.Tags[StepTags[2]]));
        }
    }

    [Fact]
    public void Actions_are_measured_by_stage_and_phase()
    {
        var step = Timelines.Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 3, forward: 1, backward: 2, latency: 0.5);

        var measured = Measure(step);

        Assert.All([(ActionDurationMetric, "s"), (ActionWaitMetric, "s"), (HandoverMetric, "By")], instrument =>
        {
            var all = measured.Of(instrument.Item1);
            Assert.Equal(12, all.Count);
            Assert.All(all, one => Assert.Equal(instrument.Item2, one.Unit));
            Assert.All(all, one => Assert.Equal([.. StepTags.Append(PipelineAttributes.StageIndex).Append(PipelineAttributes.Phase).Order()], one.Tags.Keys.Order()));
        });
        Assert.Equal(3 * 0.002, Sum(ActionDurationMetric, stage: 1, "backward"), precision: 9);
        Assert.Equal(3 * 1024, Sum(HandoverMetric, stage: 0, "forward"));
        Assert.Equal(
            step.Actions.Where(action => action.Worker == 1).Sum(action => (action.Start - action.WaitStart).TotalSeconds),
            Sum(ActionWaitMetric, stage: 1, "forward") + Sum(ActionWaitMetric, stage: 1, "backward"), precision: 9);

        double Sum(string name, int stage, string phase) => measured.Of(name)
            .Where(one => (int)one.Tags[PipelineAttributes.StageIndex]! == stage && (string)one.Tags[PipelineAttributes.Phase]! == phase).Sum(one => one.Value);
    }

    [Fact]
    public void Workers_are_measured_by_their_index()
    {
        var step = Timelines.Simulate(PipelineSchedule.OneForwardOneBackward, workers: 3, microBatches: 5);
        var summary = TimelineSummary.Of(step);

        var measured = Measure(step);

        Assert.Equal(
            summary.Workers.Select(worker => ((object?)worker.Worker, Math.Round(worker.Busy / summary.Makespan, 9))),
            measured.Of(WorkerBusyRatioMetric).Select(one => (one.Tags[PipelineAttributes.WorkerIndex], Math.Round(one.Value, 9))));
        Assert.Equal([3.0, 2.0, 1.0], measured.Of(ActivationsPeakMetric).Select(one => one.Value));
        Assert.Equal(1 - summary.FlushBubbleFraction, measured.Of(WorkerBusyRatioMetric).Average(one => one.Value), precision: 9);
    }

    [Fact]
    public void A_failed_step_is_counted_by_the_type_of_what_the_stage_threw_and_not_timed()
    {
        var measured = Measure(Timelines.FailedStep());

        var failure = Assert.Single(measured.All);
        Assert.Equal((StepFailuresMetric, "{step}", 1.0), (failure.Name, failure.Unit, failure.Value));
        Assert.Equal("System.InvalidOperationException", failure.Tags[PipelineAttributes.ErrorType]);
    }

    [Fact]
    public void Tensors_and_listeners_faults_are_observed_for_the_process()
    {
        using var measured = new MeasurementRecorder();
        using var tensor = TorchSharp.torch.zeros(3);

        measured.Observe();

        var live = Assert.Single(measured.Of(LiveTensorsMetric));
        Assert.Equal("{tensor}", live.Unit);
        Assert.InRange(live.Value, 1, long.MaxValue);
        Assert.Equal(PipelineTelemetry.ListenerFaults, Assert.Single(measured.Of(ListenerFaultsMetric)).Value);
        Assert.All(measured.All, one => Assert.Empty(one.Tags));
    }

    [Fact]
    public void No_tag_grows_with_the_run()
    {
        using var measured = new MeasurementRecorder();
        for (var step = 0; step < 50; step++) StepTimelines.Publish(Timelines.Simulate(PipelineSchedule.GPipe, workers: 3, microBatches: 8, step: step));

        var series = measured.All.Select(one => one.Name + string.Join(",", one.Tags.Select(tag => $"{tag.Key}={tag.Value}"))).Distinct();
        Assert.Equal(6 + (3 * 2 * 3) + (2 * 3), series.Count());
    }

    [Fact]
    public void A_listener_that_throws_does_not_stop_the_step()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a listener's own trouble"));
        listener.Start();
        var before = PipelineTelemetry.ListenerFaults;

        PipelineMetrics.RecordStep(Timelines.Simulate(PipelineSchedule.GPipe, workers: 1, microBatches: 1));

        Assert.Equal(before + 1, PipelineTelemetry.ListenerFaults);
        Assert.Equal("a listener's own trouble", PipelineTelemetry.LastListenerFault!.Message);
    }

    [Fact]
    public void With_nobody_listening_nothing_is_computed()
    {
        var timeline = Timelines.Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 2);
        StepTimelines.Publish(timeline);
        var before = GC.GetAllocatedBytesForCurrentThread();

        StepTimelines.Publish(timeline);

        Assert.False(PipelineMetrics.Listening);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static MeasurementRecorder Measure(StepTimeline timeline)
    {
        var measured = new MeasurementRecorder();
        PipelineMetrics.RecordStep(timeline);
        measured.Dispose();
        return measured;
    }
}
