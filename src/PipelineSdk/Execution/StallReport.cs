using System.Globalization;
using System.Text;
using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>What every worker of a step is doing, in words: a line per worker, and what follows from them.</summary>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="run">The step.</param>
/// <param name="stageNames">The stages' names.</param>
/// <param name="workers">The workers, in order.</param>
internal sealed class StallReport(string pipeline, StepRun run, IReadOnlyList<string> stageNames, IReadOnlyList<StallReport.WorkerState> workers)
{
    private readonly ScheduleProgram program = run.Program;

    /// <summary>One worker when the report was made.</summary>
    /// <param name="Position">Where it is.</param>
    /// <param name="For">How long it has been there.</param>
    /// <param name="IsAlive">Whether its thread is.</param>
    public readonly record struct WorkerState(WorkerPosition Position, TimeSpan For, bool IsAlive)
    {
        public bool Waits => IsAlive && Position.Phase is WorkerPhase.TakesInput or WorkerPhase.HandsOn;
    }

    /// <summary>A line per worker.</summary>
    public string Grid => string.Join('\n', Enumerable.Range(0, workers.Count).Select(Row));

    /// <summary>The step and the pipeline, for the beginning of a sentence.</summary>
    public string Subject => string.Create(
        CultureInfo.InvariantCulture, $"Pipeline '{pipeline}', step {run.Step} ({run.Mode}, {program.ScheduleName}, {program.Shape})");

    /// <summary>Who keeps the step from going on.</summary>
    public string Culprits
    {
        get
        {
            var running = Enumerable.Range(0, workers.Count).Where(worker => workers[worker] is { IsAlive: true, Position.Phase: WorkerPhase.Runs or WorkerPhase.NotBegun }).ToList();
            return running.Count == 0
                ? "No worker runs anything."
                : string.Join(" ", running.Select(worker => workers[worker].Position.Phase == WorkerPhase.NotBegun
                    ? $"Worker {worker} has not begun: its thread gets no processor time."
                    : $"Worker {worker} still runs {(ActionOf(worker) is { } action ? Describe(action) : "the optimizer")}: one long operation, or one that never ends. A debugger, or dotnet-stack "
                        + $"on this process, shows where in it thread '{WorkerThreadSettings.ThreadName(pipeline, worker)}' is."));
        }
    }

    /// <summary>What an action is, in words.</summary>
    public string Describe(PipelineAction action)
        => $"{action} ({PipelineException.WorkOf(action)} of stage {action.Stage} ({stageNames[action.Stage]}) on micro-batch {action.MicroBatch})";

    /// <summary>The action that a worker is at; null before the first and after the last.</summary>
    public PipelineAction? ActionOf(int worker)
    {
        var (slot, phase, _) = workers[worker].Position;
        return phase is WorkerPhase.NotBegun or WorkerPhase.Ended || IsUpdate(worker) ? null : program.Workers[worker][slot];
    }

    // The optimizer's step after the flush is no action of the program.
    private bool IsUpdate(int worker) => workers[worker].Position.Slot >= program.Workers[worker].Count;

    private string Row(int worker)
    {
        var state = workers[worker];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"  worker {worker,2} | ");
        if (ActionOf(worker) is { } action)
        {
            text.Append(CultureInfo.InvariantCulture, $"{action,-6} | action {state.Position.Slot + 1,3} of {program.Workers[worker].Count} | {State(worker)}");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{"-",-6} | {State(worker)}");
        }

        if (state.IsAlive && state.Position.Phase != WorkerPhase.Ended) text.Append(CultureInfo.InvariantCulture, $", for {Seconds(state.For)}");
        return text.ToString();
    }

    private string State(int worker)
    {
        if (!workers[worker].IsAlive) return "its thread is gone";
        switch (workers[worker].Position.Phase)
        {
            case WorkerPhase.NotBegun:
                return "has not begun";
            case WorkerPhase.Ended:
                return "has ended its part";
            case WorkerPhase.Runs:
                return IsUpdate(worker) ? "runs the optimizer" : "runs";
            case WorkerPhase.TakesInput:
                var taking = ActionOf(worker)!.Value;
                var (what, sender) = taking.Kind == ActionKind.Forward ? ("output", taking.Stage - 1) : ("gradient", taking.Stage + 1);
                return sender < 0 || sender >= stageNames.Count || taking.Kind is ActionKind.WeightGradient or ActionKind.Update
                    ? "takes its input"
                    : $"waits for the {what} of stage {sender}, micro-batch {taking.MicroBatch}, from worker {Neighbour(sender)}";
            default:
                var sending = ActionOf(worker)!.Value;
                var receiver = sending.Kind == ActionKind.Forward ? sending.Stage + 1 : sending.Stage - 1;
                return $"waits for room on the link to stage {receiver}, worker {Neighbour(receiver)}";
        }
    }

    private string Neighbour(int stage)
    {
        var worker = program.WorkerOf(stage);
        var doing = !workers[worker].IsAlive ? "gone" : workers[worker].Position.Phase switch
        {
            WorkerPhase.NotBegun => "not begun",
            WorkerPhase.Ended => "ended",
            WorkerPhase.Runs => $"runs {ActionOf(worker)?.ToString() ?? "the optimizer"}",
            _ => $"waits at {ActionOf(worker)}",
        };
        return $"{worker} ({doing})";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s";
}
