namespace PipelineSdk;

/// <summary>
/// Pins a submodule, parameter or buffer of a <see cref="PipelineAttribute">[Pipeline]</see> class to a stage: every statement of
/// <c>forward</c> that uses the member runs in that stage.
/// </summary>
/// <remarks>Stages are numbered from 0 without a gap, and data flows from lower to higher numbers only.</remarks>
/// <param name="stage">The stage, counted from 0.</param>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property, Inherited = false)]
public sealed class PipelineStageAttribute(int stage) : Attribute
{
    /// <summary>The stage, counted from 0.</summary>
    public int Stage { get; } = stage;
}
