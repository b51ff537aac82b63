using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk;

/// <summary>
/// A step failed inside a stage. The first failure wins; the other workers were drained, every tensor of the step is released, and
/// the pipeline can be used again. Gradients of the step may have been added in part: call <c>optimizer.zero_grad()</c>.
/// </summary>
public sealed class PipelineException : Exception
{
    /// <summary>Creates the exception; the cause is the inner exception.</summary>
    public PipelineException(
        string message, Exception? innerException, PipelineAction action, string stageName, int worker, long step)
        : base(message, innerException)
    {
        Action = action;
        StageName = stageName;
        Worker = worker;
        Step = step;
    }

    /// <summary>The action that failed: stage, kind and micro-batch.</summary>
    public PipelineAction Action { get; }

    /// <summary>The failing stage, counted from 0.</summary>
    public int Stage => Action.Stage;

    /// <summary>The failing micro-batch, counted from 0.</summary>
    public int MicroBatch => Action.MicroBatch;

    /// <summary>The failing stage's name: the members it runs.</summary>
    public string StageName { get; }

    /// <summary>The worker that ran the action.</summary>
    public int Worker { get; }

    /// <summary>The step's number, counted from 0 over the life of the pipeline.</summary>
    public long Step { get; }

    /// <summary>What every worker had done until the step was given up; null where the exception is not a pipeline's own.</summary>
    public StepTimeline? Timeline { get; internal set; }

    /// <summary>What a failure comes from: the exception of the user's code, where there is one.</summary>
    internal static Exception CauseOf(Exception failure) => failure is PipelineException { InnerException: { } cause } ? cause : failure;

    internal static PipelineException From(Exception cause, PipelineAction action, string stageName, int worker, long step)
    {
        return new PipelineException(
            $"Step {step}: {WorkOf(action)} of stage {action.Stage} ({stageName}) failed on micro-batch {action.MicroBatch} "
            + $"(action {action}, worker {worker}): {Describe(cause)}",
            cause, action, stageName, worker, step);
    }

    /// <summary>Type and first line: a native error goes on with a C++ stack.</summary>
    internal static string Describe(Exception cause)
    {
        var newline = cause.Message.IndexOf('\n', StringComparison.Ordinal);
        return $"{cause.GetType().Name}: {(newline < 0 ? cause.Message : cause.Message[..newline].TrimEnd('\r'))}";
    }

    /// <summary>What an action computes, in words.</summary>
    internal static string WorkOf(PipelineAction action) => action.Kind switch
    {
        ActionKind.Forward => "forward",
        ActionKind.InputGradient => "input gradient",
        ActionKind.WeightGradient => "weight gradient",
        ActionKind.Update => "optimizer step",
        _ => "backward",
    };
}
