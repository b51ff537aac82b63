using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>What the actions of one stage and kind cost in a step, as measured.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Kind">The kind of action.</param>
/// <param name="Count">How many ran.</param>
/// <param name="Total">Their time together.</param>
public readonly record struct MeasuredCost(int Stage, ActionKind Kind, int Count, TimeSpan Total)
{
    /// <summary>The mean time of one.</summary>
    public TimeSpan Mean => Total / Count;
}
