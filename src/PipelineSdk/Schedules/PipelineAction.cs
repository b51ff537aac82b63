using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>One unit of work of a worker, written as <c>2F0</c>: stage, kind, micro-batch.</summary>
/// <param name="Stage">The stage, counted from 0.</param>
/// <param name="Kind">What is computed.</param>
/// <param name="MicroBatch">The micro-batch, counted from 0.</param>
public readonly record struct PipelineAction(int Stage, ActionKind Kind, int MicroBatch)
{
    /// <summary>
    /// The version of the stage's weights that the action reads or, for an update, makes; written as <c>2F0@1</c>. Version 0 is
    /// what the program starts with, and the only one where the optimizer steps between programs.
    /// </summary>
    public int WeightVersion { get; init; }

    /// <summary>The letter of the kind: F, B, I, W or U.</summary>
    public char Letter => Kind switch
    {
        ActionKind.Forward => 'F',
        ActionKind.Backward => 'B',
        ActionKind.InputGradient => 'I',
        ActionKind.WeightGradient => 'W',
        ActionKind.Update => 'U',
        _ => '?',
    };

    /// <inheritdoc/>
    public override string ToString() => WeightVersion == 0
        ? Invariant($"{Stage}{Letter}{MicroBatch}")
        : Invariant($"{Stage}{Letter}{MicroBatch}@{WeightVersion}");
}
