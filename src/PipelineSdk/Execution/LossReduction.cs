namespace PipelineSdk;

/// <summary>How a loss function reduces the samples of a (micro-)batch to one number; decides how micro-batches are weighted.</summary>
public enum LossReduction
{
    /// <summary>The mean over samples: a micro-batch of n of N samples weighs n/N.</summary>
    Mean,

    /// <summary>The sum over samples: every micro-batch weighs 1.</summary>
    Sum,
}
