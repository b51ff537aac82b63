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

    /// <summary>Gauge, a ratio of 1: the flush bubble of the last step, that is the share of all workers' time without work.</summary>
    public const string BubbleRatioMetric = "pipelinesdk.bubble.ratio";

    /// <summary>Counter, in {microbatch}: micro-batches that went through a pipeline.</summary>
    public const string MicroBatchesMetric = "pipelinesdk.microbatches";
}
