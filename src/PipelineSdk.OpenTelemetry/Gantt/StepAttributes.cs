using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Takes typed attributes; each format has its own way to write one.</summary>
internal interface IAttributeWriter
{
    void Write(string key, string value);

    void Write(string key, long value);

    void Write(string key, double value);
}

/// <summary>The attributes of the spans in files: those of the live spans, by the same keys, as far as a timeline knows them.</summary>
internal static class StepAttributes
{
    public static void Write(IAttributeWriter to, StepTimeline step)
    {
        WriteCommon(to, step);
        to.Write(PipelineAttributes.Mode, step.Mode);
        to.Write(PipelineAttributes.WorkerCount, step.Workers);
        to.Write(PipelineAttributes.MicroBatchCount, step.MicroBatches);
        to.Write(PipelineAttributes.Samples, step.Samples);
        to.Write(PipelineAttributes.GcPauseDuration, step.GarbageCollection.TotalSeconds);
        if (step.Failure is null) return;
        to.Write(PipelineAttributes.ActionsNotRun, step.ActionsNotRun);
        to.Write(PipelineAttributes.ErrorType, ErrorType(step.Failure));
    }

    public static void Write(IAttributeWriter to, StepTrace trace, int index)
    {
        var step = trace.Step;
        var record = step.Actions[index];
        WriteCommon(to, step);
        to.Write(PipelineAttributes.WorkerIndex, record.Worker);
        to.Write(PipelineAttributes.Slot, record.Slot);
        to.Write(PipelineAttributes.StageIndex, record.Action.Stage);
        to.Write(PipelineAttributes.StageName, GanttText.StageName(step, record.Action.Stage));
        to.Write(PipelineAttributes.MicroBatchIndex, record.Action.MicroBatch);
        to.Write(PipelineAttributes.Phase, PipelineAttributes.PhaseOf(record.Action.Kind));
        to.Write(PipelineAttributes.Device, step.DeviceOf(record.Action.Stage));
        to.Write(PipelineAttributes.Timing, step.TimingOf(record.Action.Stage));
        to.Write(PipelineAttributes.WaitDuration, (record.Start - record.WaitStart).TotalSeconds);
        to.Write(PipelineAttributes.HandoverSize, record.Bytes);
        if (trace.HasFailed(index)) to.Write(PipelineAttributes.ErrorType, ErrorType(step.Failure!));
    }

    /// <summary>The type of what the user's code threw.</summary>
    public static string ErrorType(Exception failure) => CauseOf(failure).GetType().FullName!;

    /// <summary>What the user's code threw.</summary>
    public static Exception CauseOf(Exception failure) => failure is PipelineException { InnerException: { } cause } ? cause : failure;

    private static void WriteCommon(IAttributeWriter to, StepTimeline step)
    {
        to.Write(PipelineAttributes.PipelineName, step.Pipeline);
        to.Write(PipelineAttributes.ScheduleName, step.Schedule);
        to.Write(PipelineAttributes.Step, step.Step);
    }
}
