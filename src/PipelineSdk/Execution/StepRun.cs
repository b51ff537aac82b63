using PipelineSdk.Diagnostics;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>One step, as the caller and all workers see it.</summary>
internal sealed class StepRun
{
    private Exception? failure;

    /// <summary>The links between the stages.</summary>
    public required StageLinks Links { get; init; }

    /// <summary>The step's number.</summary>
    public required long Step { get; init; }

    /// <summary>What spans and timelines call the kind of step: train, evaluate, forward.</summary>
    public required string Mode { get; init; }

    /// <summary>Each worker's actions.</summary>
    public required ScheduleProgram Program { get; init; }

    /// <summary>The schedule that the actions come from.</summary>
    public required PipelineSchedule Rule { get; init; }

    /// <summary>Which backwards of the program are split.</summary>
    public required SplitBackwards Split { get; init; }

    /// <summary>For each stage and micro-batch the version of the weights that it reads; null where they change after the flush.</summary>
    public required IReadOnlyList<IReadOnlyList<int>>? VersionsRead { get; init; }

    /// <summary>Whether there are backwards.</summary>
    public required bool Train { get; init; }

    /// <summary>How the mini-batch was split, and what each piece weighs.</summary>
    public required MicroBatches Batch { get; init; }

    /// <summary>The loss from the model's result of a micro-batch; null where only outputs are wanted.</summary>
    public required Func<Boundary, int, Tensor>? Loss { get; init; }

    /// <summary>Whether a loss that is not finite fails the step.</summary>
    public required bool StopOnNonFiniteLoss { get; init; }

    /// <summary>What the step does to gradients and weights besides; null where the optimizer is the caller's.</summary>
    public required StepUpdate? Update { get; init; }

    /// <summary>The batch normalisation layers whose running statistics wait for the end of the step; null where none do.</summary>
    public DeferredBatchNorms? Norms { get; init; }

    /// <summary>Weights with several names; null where the step has no gradients.</summary>
    public TiedWeights? Tied { get; init; }

    /// <summary>Whether all actions have ended well, so that only the update after the flush is left.</summary>
    public bool IsFlushed { get; private set; }

    /// <summary>The step's span; null where nobody listens.</summary>
    public required StepSpan? Span { get; init; }

    /// <summary>The first failure, or null.</summary>
    public Exception? Failure => Volatile.Read(ref failure);

    /// <summary>Notes the first failure and gives the step up; later ones are consequences of it.</summary>
    public void Fail(Exception exception)
    {
        if (Interlocked.CompareExchange(ref failure, exception, null) is null) Links.Abort();
    }

    /// <summary>After all actions, on the calling thread: puts together what the stages have computed apart. What it throws fails the step.</summary>
    public void Flush()
    {
        try
        {
            // Also what a failed step has added: zero_grad() then finds all of it where it looks.
            Tied?.SumGradients();
            if (Failure is not null) return;
            if (Norms?.Missed() is { } missed)
            {
                Fail(missed);
                return;
            }

            Update?.Combine();
            IsFlushed = true;
        }
#pragma warning disable CA1031 // Whatever it is: the step fails with it as with what a stage throws.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail(new InvalidOperationException(
                $"Step {Step}: no weight has changed, since the gradients of the stages could not be put together: {PipelineException.Describe(exception)}", exception));
        }
    }
}
