using PipelineSdk.Diagnostics;

namespace PipelineSdk;

/// <summary>What one training step yields.</summary>
public sealed class StepResult
{
    internal StepResult(double loss, IReadOnlyList<double> microBatchLosses, long samples, StepTimeline timeline)
    {
        Loss = loss;
        MicroBatchLosses = microBatchLosses;
        Samples = samples;
        Timeline = timeline;
    }

    /// <summary>The loss over the whole mini-batch, reduced as the loss function reduces.</summary>
    public double Loss { get; }

    /// <summary>The loss of each micro-batch, as the loss function gave it.</summary>
    public IReadOnlyList<double> MicroBatchLosses { get; }

    /// <summary>
    /// Whether the pipeline's own optimizers have changed the weights; false where it has none, and while
    /// <see cref="PipelineOptions.AccumulationSteps"/> are not complete.
    /// </summary>
    public bool WeightsChanged { get; internal init; }

    /// <summary>
    /// The 2-norm of all gradients before they were scaled; null where <see cref="PipelineOptions.MaxGradientNorm"/> is not set, and in steps that leave
    /// the weights alone.
    /// </summary>
    public double? GradientNorm { get; internal init; }

    /// <summary>Samples in the mini-batch.</summary>
    public long Samples { get; }

    /// <summary>The step's number, counted from 0 over the life of the pipeline.</summary>
    public long Step => Timeline.Step;

    /// <summary>From the call until the last gradient was there.</summary>
    public TimeSpan Duration => Timeline.Duration;

    /// <summary>What every worker did, and when.</summary>
    public StepTimeline Timeline { get; }
}
