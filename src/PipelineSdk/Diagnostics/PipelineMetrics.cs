using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace PipelineSdk.Diagnostics;

/// <summary>The instruments. Tags are names only, never a step or a micro-batch: every value of a tag is a time series.</summary>
internal static class PipelineMetrics
{
    private static readonly Meter Meter = new(PipelineSdkDiagnostics.MeterName, PipelineTelemetry.Version);

    private static readonly Histogram<double> StepDuration = Meter.CreateHistogram(
        PipelineSdkDiagnostics.StepDurationMetric,
        unit: "s",
        description: "How long steps take, from the call to the last gradient.",
        tags: null,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
        });

    private static readonly Gauge<double> BubbleRatio = Meter.CreateGauge<double>(
        PipelineSdkDiagnostics.BubbleRatioMetric, unit: "1", description: "The flush bubble of the last step: the share of all workers' time without work.");

    private static readonly Counter<long> MicroBatches = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.MicroBatchesMetric, unit: "{microbatch}", description: "Micro-batches that went through a pipeline.");

    /// <summary>Whether anybody listens: without, a timeline need not be built for the metrics' sake.</summary>
    public static bool Listening => StepDuration.Enabled || BubbleRatio.Enabled || MicroBatches.Enabled;

    /// <summary>Records a step that has ended. A listener that throws costs measurements, not the step.</summary>
    public static void RecordStep(StepTimeline timeline)
    {
        if (!Listening) return;
        try
        {
            Record(timeline);
        }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
        catch (Exception)
#pragma warning restore CA1031
        {
            PipelineTelemetry.CountListenerFault();
        }
    }

    private static void Record(StepTimeline timeline)
    {
        var tags = new TagList
        {
            { PipelineAttributes.PipelineName, timeline.Pipeline },
            { PipelineAttributes.ScheduleName, timeline.Schedule },
            { PipelineAttributes.Mode, timeline.Mode },
        };
        StepDuration.Record(timeline.Duration.TotalSeconds, tags);
        MicroBatches.Add(timeline.MicroBatches, tags);
        if (BubbleRatio.Enabled) BubbleRatio.Record(TimelineSummary.Of(timeline).FlushBubbleFraction, tags);
    }
}
