using System.Diagnostics.Metrics;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

[Collection(SpanTests.Name)]
public sealed class PipelineMetricsTests
{
    [Fact]
    public void A_step_is_measured_in_seconds_with_few_tags()
    {
        var measured = new List<(string Name, string? Unit, double Value, Dictionary<string, object?> Tags)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PipelineSdkDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        var timeline = Timelines.Simulate(PipelineSchedule.GPipe, workers: 4, microBatches: 8);

        PipelineMetrics.RecordStep(timeline);

        Assert.Collection(
            measured,
            one => Assert.Equal((PipelineSdkDiagnostics.StepDurationMetric, "s", 0.033), (one.Name, one.Unit!, Math.Round(one.Value, 9))),
            one => Assert.Equal((PipelineSdkDiagnostics.MicroBatchesMetric, "{microbatch}", 8.0), (one.Name, one.Unit!, one.Value)),
            one => Assert.Equal((PipelineSdkDiagnostics.BubbleRatioMetric, "1", Math.Round(9.0 / 33, 9)), (one.Name, one.Unit!, Math.Round(one.Value, 9))));
        Assert.All(measured, one => Assert.Equal(
            new Dictionary<string, object?>
            {
                [PipelineAttributes.PipelineName] = "Net",
                [PipelineAttributes.ScheduleName] = "GPipe",
                [PipelineAttributes.Mode] = "train",
            },
            one.Tags));

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            measured.Add((instrument.Name, instrument.Unit, value, tags.ToArray().ToDictionary()));
    }

    [Fact]
    public void A_listener_that_throws_does_not_stop_the_step()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PipelineSdkDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => throw new InvalidOperationException("a listener's own trouble"));
        listener.Start();
        var before = PipelineTelemetry.ListenerFaults;

        PipelineMetrics.RecordStep(Timelines.Simulate(PipelineSchedule.GPipe, workers: 1, microBatches: 1));

        Assert.Equal(before + 1, PipelineTelemetry.ListenerFaults);
    }

    [Fact]
    public void With_nobody_listening_nothing_is_computed()
    {
        var timeline = Timelines.Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 2);
        PipelineMetrics.RecordStep(timeline);
        var before = GC.GetAllocatedBytesForCurrentThread();

        PipelineMetrics.RecordStep(timeline);

        Assert.False(PipelineMetrics.Listening);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
