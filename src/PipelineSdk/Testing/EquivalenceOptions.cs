namespace PipelineSdk.Testing;

/// <summary>How <see cref="PipelineAssert"/> compares.</summary>
public sealed record EquivalenceOptions
{
    /// <summary>How many steps to train; the batches are used again from the first where they are fewer. As many as there are batches where null.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// The largest absolute difference that passes, in relation to the largest absolute value of the tensor, or to 1 where that is smaller. Null, the
    /// default, lets only equal numbers pass, bit for bit but for the sign of zero.
    /// </summary>
    public double? Tolerance { get; init; }
}
