namespace PipelineSdk;

/// <summary>
/// Which micro-batches a stage keeps the activations of from forward to backward, and for which it runs its forward once more instead
/// (activation checkpointing; the modes are those of Kim et al., torchgpipe, 2020).
/// </summary>
public enum ActivationRecompute
{
    /// <summary>Activations of all micro-batches are kept: the most memory, nothing is computed twice.</summary>
    Never,

    /// <summary>
    /// Activations of the last micro-batch are kept, the forward of all others is run again. Under GPipe in its original order of backwards
    /// (GPipe-Descending, LoopedBFS) the last micro-batch's backward follows its forward, so that keeping it costs no memory.
    /// </summary>
    ExceptLastMicroBatch,

    /// <summary>The forward of every micro-batch is run again: a stage holds what it received, and the activations of one micro-batch at a time.</summary>
    Always,
}
