namespace PipelineSdk.Model;

/// <summary>What the arguments of <c>[Pipeline(...)]</c>, or else a plan given to the build, say: it runs where <c>PipelineOptions</c> leaves the choice
/// open.</summary>
/// <remarks>The generator has built and proven the schedule for these numbers, as far as they and the stages are known at compile time.</remarks>
public sealed record PipelineDefaults
{
    /// <summary>What runs where nobody says how many micro-batches.</summary>
    internal const int UsualMicroBatches = 4;

    /// <summary>The schedule's name, or null.</summary>
    public string? Schedule { get; init; }

    /// <summary>How many workers run the stages, or null.</summary>
    public int? Workers { get; init; }

    /// <summary>Into how many micro-batches a mini-batch is split, or null.</summary>
    public int? MicroBatches { get; init; }

    /// <summary>Nothing is said.</summary>
    public static PipelineDefaults None { get; } = new();
}
