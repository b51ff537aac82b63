using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>Which backwards of a program are split into input and weight gradients: a schedule may split some and not others.</summary>
internal sealed class SplitBackwards
{
    private readonly bool[] isSplit;
    private readonly int microBatches;

    public SplitBackwards(ScheduleProgram program)
    {
        microBatches = program.Shape.MicroBatches;
        isSplit = new bool[program.Shape.Stages * microBatches];
        foreach (var action in program.Workers.SelectMany(actions => actions))
        {
            if (action.Kind == ActionKind.InputGradient) isSplit[IndexOf(action)] = true;
        }

        Any = isSplit.Contains(true);
    }

    /// <summary>Whether one is.</summary>
    public bool Any { get; }

    /// <summary>Whether the backward that belongs to an action is.</summary>
    public bool Contains(PipelineAction action) => isSplit[IndexOf(action)];

    private int IndexOf(PipelineAction action) => (action.Stage * microBatches) + action.MicroBatch;
}
