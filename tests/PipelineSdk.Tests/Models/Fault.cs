using PipelineSdk.Schedules;

namespace PipelineSdk.Tests.Models;

/// <summary>How a stage fails.</summary>
public enum FaultKind
{
    /// <summary>The stage's forward throws.</summary>
    Throw,

    /// <summary>It throws what the runtime throws when there is no memory.</summary>
    OutOfMemory,

    /// <summary>libtorch refuses an operation of the forward.</summary>
    Native,

    /// <summary>libtorch gets no memory.</summary>
    NativeOutOfMemory,

    /// <summary>What the forward yields can't be taken apart for the next stage; of the last stage, the loss throws.</summary>
    HandOver,

    /// <summary>The step is cancelled during the forward.</summary>
    CancelInForward,

    /// <summary>libtorch refuses the backward that gives the gradient of the stage's input.</summary>
    Backward,

    /// <summary>The step is cancelled during that.</summary>
    CancelInBackward,

    /// <summary>libtorch refuses the backward that gives the gradients of the stage's weights.</summary>
    WeightGradient,

    /// <summary>The optimizer throws before it changes a weight.</summary>
    Update,
}

/// <summary>Where and how a step fails.</summary>
/// <param name="Kind">How.</param>
/// <param name="Stage">In which stage.</param>
/// <param name="MicroBatch">On which micro-batch.</param>
public sealed record Fault(FaultKind Kind, int Stage, int MicroBatch)
{
    /// <summary>What cancels the step, for the kinds that do.</summary>
    public CancellationTokenSource? Cancellation { get; init; }

    /// <summary>The action that fails under a program; null where neither the program nor the update after its flush has one of the kind.</summary>
    public PipelineAction? ActionIn(ScheduleProgram program)
    {
        if (Kind == FaultKind.Update && !program.IsAsynchronous)
        {
            // On behalf of all stages of the worker.
            var isFirst = Stage == Enumerable.Range(0, program.Shape.Stages).First(stage => program.WorkerOf(stage) == program.WorkerOf(Stage));
            return isFirst && MicroBatch == program.Shape.MicroBatches - 1 ? new PipelineAction(Stage, ActionKind.Update, MicroBatch) { WeightVersion = 1 } : null;
        }

        var actions = program.Workers.SelectMany(worker => worker).Where(action => action.Stage == Stage && action.MicroBatch == MicroBatch).ToList();
        ActionKind[] kinds = Kind switch
        {
            FaultKind.Backward or FaultKind.CancelInBackward => [ActionKind.Backward, ActionKind.InputGradient],
            FaultKind.WeightGradient => [ActionKind.WeightGradient],
            FaultKind.Update => [ActionKind.Update],
            _ => [ActionKind.Forward],
        };
        return actions.Exists(action => kinds.Contains(action.Kind)) ? actions.Single(action => kinds.Contains(action.Kind)) : null;
    }
}
