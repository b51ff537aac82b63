namespace PipelineSdk;

/// <summary>
/// Splits the elements of a <c>Sequential</c> member over consecutive stages: <c>[PipelineStages(4, 3, 3, 2)]</c> puts the first
/// four elements in the first of its stages, the next three in the second, and so on.
/// </summary>
/// <remarks>
/// The first of its stages is <see cref="FirstStage"/>. The elements stay in the user's container: nothing is copied, renamed or
/// owned by a stage. The counts must add up to the number of elements, which is checked when a pipeline is built.
/// </remarks>
/// <param name="counts">Elements per stage, each at least 1.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class PipelineStagesAttribute(params int[] counts) : Attribute
{
    /// <summary>Elements per stage, in order.</summary>
    public IReadOnlyList<int> Counts { get; } = counts;

    /// <summary>The stage that gets the first elements, counted from 0.</summary>
    public int FirstStage { get; init; }
}
