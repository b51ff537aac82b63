using System.Diagnostics;
using static PipelineSdk.Diagnostics.PipelineInstruments;

namespace PipelineSdk.Diagnostics;

/// <summary>
/// Measures steps that have ended. Tags are names and the indices of stages and workers, never a step or a micro-batch: every value of a tag is a
/// time series.
/// </summary>
internal static class PipelineMetrics
{
    /// <summary>Whether anybody listens to what is measured per step.</summary>
    public static bool Listening =>
        StepDuration.Enabled || ActionDuration.Enabled || ActionWait.Enabled || BubbleRatio.Enabled || WorkerBusyRatio.Enabled || ActivationsPeak.Enabled
        || Samples.Enabled || Throughput.Enabled || MicroBatches.Enabled || Handover.Enabled || GcPause.Enabled || StepFailures.Enabled;

    /// <summary>Records a step that has ended. A listener that throws costs measurements, not the step.</summary>
    public static void RecordStep(StepTimeline timeline)
    {
        if (!Listening) return;
        try
        {
            if (timeline.Failure is null) Record(timeline);
            else RecordFailure(timeline, PipelineException.CauseOf(timeline.Failure));
        }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            PipelineTelemetry.CountListenerFault(error);
        }
    }

    // A step that was given up says nothing about how long steps take.
    private static void RecordFailure(StepTimeline timeline, Exception cause)
    {
        var tags = TagsOf(timeline);
        tags.Add(PipelineAttributes.ErrorType, cause.GetType().FullName);
        StepFailures.Add(1, tags);
    }

    private static void Record(StepTimeline timeline)
    {
        var tags = TagsOf(timeline);
        StepDuration.Record(timeline.Duration.TotalSeconds, tags);
        MicroBatches.Add(timeline.MicroBatches, tags);
        Samples.Add(timeline.Samples, tags);
        if (timeline.Duration > TimeSpan.Zero) Throughput.Record(timeline.Samples / timeline.Duration.TotalSeconds, tags);
        GcPause.Add(timeline.GarbageCollection.TotalSeconds, tags);
        RecordActions(timeline, tags);
        RecordWorkers(timeline, tags);
    }

    private static void RecordActions(StepTimeline timeline, in TagList ofStep)
    {
        if (!ActionDuration.Enabled && !ActionWait.Enabled && !Handover.Enabled) return;
        foreach (var record in timeline.Actions)
        {
            var tags = ofStep;
            tags.Add(PipelineAttributes.StageIndex, Boxes.Of(record.Action.Stage));
            tags.Add(PipelineAttributes.Phase, PipelineAttributes.PhaseOf(record.Action.Kind));
            ActionDuration.Record((record.End - record.Start).TotalSeconds, tags);
            ActionWait.Record((record.Start - record.WaitStart).TotalSeconds, tags);
            if (record.Bytes > 0) Handover.Add(record.Bytes, tags);
        }
    }

    private static void RecordWorkers(StepTimeline timeline, in TagList ofStep)
    {
        if (!BubbleRatio.Enabled && !WorkerBusyRatio.Enabled && !ActivationsPeak.Enabled) return;
        var summary = TimelineSummary.Of(timeline);
        BubbleRatio.Record(summary.FlushBubbleFraction, ofStep);
        foreach (var worker in summary.Workers)
        {
            var tags = ofStep;
            tags.Add(PipelineAttributes.WorkerIndex, Boxes.Of(worker.Worker));
            if (summary.Makespan > TimeSpan.Zero) WorkerBusyRatio.Record(worker.Busy / summary.Makespan, tags);
            ActivationsPeak.Record(worker.PeakInFlight, tags);
        }
    }

    private static TagList TagsOf(StepTimeline timeline) => new()
    {
        { PipelineAttributes.PipelineName, timeline.Pipeline },
        { PipelineAttributes.ScheduleName, timeline.Schedule },
        { PipelineAttributes.Mode, timeline.Mode },
    };
}
