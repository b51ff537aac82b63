namespace PipelineSdk;

/// <summary>
/// Splits the elements of a member over consecutive stages: <c>[PipelineStages(4, 3, 3, 2)]</c> puts the first four elements in the
/// first of its stages, the next three in the second, and so on. Without counts the partitioner decides.
/// </summary>
/// <remarks>
/// <para>What has elements: a <c>Sequential</c>, which <c>forward</c> calls; a <c>ModuleList</c>, a <c>ModuleDict</c>, an array or a list of
/// modules, which it loops over; a submodule that is itself a <see cref="PipelineAttribute">[Pipeline]</see> class, whose own stages are
/// its elements.</para>
/// <para>The first of its stages is <see cref="FirstStage"/>. The elements stay in the user's container: nothing is copied, renamed or
/// owned by a stage. The counts must add up to the number of elements, which is checked when a pipeline is built.</para>
/// </remarks>
/// <param name="counts">Elements per stage, each at least 1; none to leave the choice to the partitioner.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class PipelineStagesAttribute(params int[] counts) : Attribute
{
    /// <summary>Elements per stage, in order.</summary>
    public IReadOnlyList<int> Counts { get; } = counts;

    /// <summary>The stage that gets the first elements, counted from 0.</summary>
    public int FirstStage { get; init; }
}
