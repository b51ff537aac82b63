namespace PipelineSdk;

/// <summary>What the running statistics of batch normalisation follow while the model trains. Normalisation itself always goes by the micro-batch.</summary>
public enum BatchNormStatistics
{
    /// <summary>Every micro-batch updates <c>running_mean</c> and <c>running_var</c>, as in a loop that accumulates gradients.</summary>
    MicroBatch,

    /// <summary>
    /// A step updates them once, from the statistics over all of its micro-batches: up to rounding as a step with the undivided batch would if its layers received the same
    /// values, and <c>num_batches_tracked</c> counts one (torchgpipe calls it <c>deferred_batch_norm</c>). The layers must be run with <c>call</c>.
    /// </summary>
    Deferred,
}
