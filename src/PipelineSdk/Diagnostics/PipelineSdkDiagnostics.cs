using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>The public names of what PipelineSdk reports. They are part of the contract: renaming one is a breaking change.</summary>
public static class PipelineSdkDiagnostics
{
    /// <summary>The <see cref="System.Diagnostics.ActivitySource"/> of all spans.</summary>
    public const string ActivitySourceName = "PipelineSdk";

    /// <summary>The <see cref="System.Diagnostics.Metrics.Meter"/> of all instruments.</summary>
    public const string MeterName = "PipelineSdk";

    /// <summary>Span: one step, from the call to the last gradient. Child of the caller's current span, else the root of its own trace.</summary>
    public const string StepSpan = "pipeline step";

    /// <summary>Span: F, one stage's output for one micro-batch. Child of the step, linked to the span that sent its input.</summary>
    public const string ForwardSpan = "stage forward";

    /// <summary>Span: B, all gradients of one stage for one micro-batch. Child of the step, linked to the span that sent its gradient.</summary>
    public const string BackwardSpan = "stage backward";

    /// <summary>Span: I, the gradient of one stage's input. Child of the step, linked to the span that sent its gradient.</summary>
    public const string InputGradientSpan = "stage input gradient";

    /// <summary>Span: W, the gradients of one stage's weights. Child of the step.</summary>
    public const string WeightGradientSpan = "stage weight gradient";

    /// <summary>Span: U, the step of a worker's optimizer, where the pipeline has them. Child of the step.</summary>
    public const string UpdateSpan = "optimizer step";

    /// <summary>Histogram, in s: how long steps take, from the call to the last gradient.</summary>
    public const string StepDurationMetric = "pipelinesdk.step.duration";

    /// <summary>Histogram, in s, by stage and phase: how long actions take.</summary>
    public const string ActionDurationMetric = "pipelinesdk.action.duration";

    /// <summary>Histogram, in s, by stage and phase: how long workers wait for the input of actions.</summary>
    public const string ActionWaitMetric = "pipelinesdk.action.wait.duration";

    /// <summary>Gauge, a ratio of 1: the flush bubble of the last step, that is the share of all workers' time without work.</summary>
    public const string BubbleRatioMetric = "pipelinesdk.bubble.ratio";

    /// <summary>Gauge, a ratio of 1, by worker: the share of the last step that the worker spent in actions.</summary>
    public const string WorkerBusyRatioMetric = "pipelinesdk.worker.busy.ratio";

    /// <summary>Gauge, in {activation}, by worker: the most forwards whose activations the worker held at once in the last step.</summary>
    public const string ActivationsPeakMetric = "pipelinesdk.activations.peak";

    /// <summary>Counter, in {sample}: samples that went through a pipeline.</summary>
    public const string SamplesMetric = "pipelinesdk.samples.processed";

    /// <summary>Gauge, in {sample}/s: the samples of the last step over its duration.</summary>
    public const string ThroughputMetric = "pipelinesdk.throughput";

    /// <summary>Counter, in {microbatch}: micro-batches that went through a pipeline.</summary>
    public const string MicroBatchesMetric = "pipelinesdk.microbatches";

    /// <summary>Counter, in By, by stage and phase: bytes of tensors handed to another worker.</summary>
    public const string HandoverMetric = "pipelinesdk.handover.io";

    /// <summary>Counter, in s: how long the garbage collector paused the process's managed threads during steps.</summary>
    public const string GcPauseMetric = "pipelinesdk.gc.pause.time";

    /// <summary>Counter, in {step}, by the exception's type: steps that failed or were cancelled.</summary>
    public const string StepFailuresMetric = "pipelinesdk.step.failures";

    /// <summary>Up-down counter, in {tensor}, of the whole process: tensors that are alive.</summary>
    public const string LiveTensorsMetric = "pipelinesdk.tensors.live";

    /// <summary>Counter, in {fault}, of the whole process: exceptions of listeners of telemetry, which cost their data and not the step.</summary>
    public const string ListenerFaultsMetric = "pipelinesdk.listener.faults";

    /// <summary>Counter, in {file}: Gantt files that could not be written.</summary>
    public const string GanttWriteFailuresMetric = "pipelinesdk.gantt.write.failures";

    /// <summary>Counter, in {step}: steps that the Gantt exporter could not keep because later ones took their place.</summary>
    public const string GanttDroppedStepsMetric = "pipelinesdk.gantt.steps.dropped";

    /// <summary>The name of the span of an action of this kind.</summary>
    public static string SpanOf(ActionKind kind) => kind switch
    {
        ActionKind.Forward => ForwardSpan,
        ActionKind.Backward => BackwardSpan,
        ActionKind.InputGradient => InputGradientSpan,
        ActionKind.WeightGradient => WeightGradientSpan,
        _ => UpdateSpan,
    };
}
