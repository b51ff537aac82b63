namespace PipelineSdk;

/// <summary>What a checkpoint says of the training that it was taken from.</summary>
public sealed record CheckpointInfo
{
    /// <summary>The model's class.</summary>
    public required string Model { get; init; }

    /// <summary>How many steps the pipeline had run, evaluations and forwards included: the number of the next one.</summary>
    public required long Step { get; init; }

    /// <summary>The seed of the numbers that segments draw.</summary>
    public required long Seed { get; init; }

    /// <summary>The schedule's name.</summary>
    public required string Schedule { get; init; }

    /// <summary>How many workers there were.</summary>
    public required int Workers { get; init; }

    /// <summary>Into how many micro-batches a mini-batch was split; 0 where their size was fixed.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>The names of the stages, in order.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>The optimizer's class; null where its state is not kept.</summary>
    public required string? Optimizer { get; init; }

    /// <summary>What the caller wrote down: the epoch, the place in the data, the counter of a learning-rate scheduler.</summary>
    public required IReadOnlyDictionary<string, string> Notes { get; init; }
}
