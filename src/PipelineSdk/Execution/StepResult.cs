using PipelineSdk.Diagnostics;

namespace PipelineSdk;

/// <summary>What one training step yields.</summary>
public sealed class StepResult
{
    internal StepResult(double loss, long samples, StepTimeline timeline)
    {
        Loss = loss;
        Samples = samples;
        Timeline = timeline;
    }

    /// <summary>The loss over the whole mini-batch, reduced as the loss function reduces.</summary>
    public double Loss { get; }

    /// <summary>Samples in the mini-batch.</summary>
    public long Samples { get; }

    /// <summary>The step's number, counted from 0 over the life of the pipeline.</summary>
    public long Step => Timeline.Step;

    /// <summary>From the call until the last gradient was there.</summary>
    public TimeSpan Duration => Timeline.Duration;

    /// <summary>What every worker did, and when.</summary>
    public StepTimeline Timeline { get; }
}
