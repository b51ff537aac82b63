namespace PipelineSdk;

/// <summary>The loss of a micro-batch is not a finite number, and <see cref="PipelineOptions.StopOnNonFiniteLoss"/> is set.</summary>
public sealed class NonFiniteLossException : ArithmeticException
{
    internal NonFiniteLossException(long step, int microBatch, double loss)
        : base(FormattableString.Invariant(
            $"The loss is {loss} in step {step}, micro-batch {microBatch}. No backward was run for it. Lower the learning rate, or look at the inputs of this step."))
    {
        Loss = loss;
    }

    /// <summary>The loss: not a number or infinite.</summary>
    public double Loss { get; }
}
