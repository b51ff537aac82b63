using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace PipelineSdk.Execution;

/// <summary>
/// Waits for the workers of a step, and looks at them now and then meanwhile. Reports when nothing moves, and gives the step up where it can't go on
/// any more: it never waits for a thread that is gone, nor for workers that wait for each other.
/// </summary>
/// <param name="pipeline">The pipeline's name.</param>
/// <param name="stageNames">The stages' names.</param>
/// <param name="workers">The workers, in order.</param>
/// <param name="timeout">How long nothing may move before it is reported; null never reports.</param>
/// <param name="logger">Where to.</param>
internal sealed class Watchdog(
    string pipeline, IReadOnlyList<string> stageNames, IReadOnlyList<IWatchedWorker> workers, TimeSpan? timeout, ILogger logger)
{
    // A thread that is gone is to be found out soon, whatever the timeout. A step that is shorter costs no look at all.
    private const int LongestInterval = 1000;

    private readonly int interval = (int)Math.Clamp(timeout?.TotalMilliseconds ?? LongestInterval, 1, LongestInterval);

    /// <summary>Why the pipeline can't be used any more: a worker's thread is gone. Null where it can.</summary>
    public PipelineStallException? Broken { get; private set; }

    /// <summary>Waits until every worker has ended its part of the step, or is gone.</summary>
    public void Wait(StepRun run)
    {
        var reports = 0;
        foreach (var worker in workers)
        {
            while (!worker.Wait(interval))
            {
                try
                {
                    Look(run, ref reports);
                }
#pragma warning disable CA1031 // A logger that throws must not part the caller from workers that still run.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    run.Fail(exception);
                }

                // In this order: it may have ended its part, and then itself.
                if (!worker.IsAlive && !worker.Wait(0)) break;
            }
        }

        if (reports > 0 && run.Failure is null) PipelineLog.GoesOn(logger, pipeline, run.Step);
        if (Broken is null) return;
        foreach (var worker in workers.Where(worker => !worker.IsAlive)) worker.ReleaseHeld();
    }

    private void Look(StepRun run, ref int reports)
    {
        var now = Stopwatch.GetTimestamp();
        var states = States(now);
        if (Broken is null && states.FindIndex(state => !state.IsAlive) is >= 0 and var gone) GiveUpWithout(gone, run, states);
        if (timeout is null) return;

        // How long ago the last worker turned to something else.
        var still = states.Min(state => state.For);
        if (still < timeout)
        {
            if (reports > 0) PipelineLog.GoesOn(logger, pipeline, run.Step);
            reports = 0;
            return;
        }

        if (still < timeout * (reports + 1)) return;
        reports++;
        var report = Report(run, states);
        if (run.Failure is null && IsDeadlock(run, states))
        {
            var message = $"{report.Subject} was given up: every worker that had not ended waited for another. The pipeline can be used again, but the same "
                + $"programs would stop at the same place; a proven schedule does not, so please report this.\n{report.Grid}";
            PipelineLog.GivenUp(logger, message);
            run.Fail(new PipelineStallException(message, report.Grid, run.Step, isPipelineUsable: true));
        }
        else
        {
            PipelineLog.Stalled(logger, report.Subject, still.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture), report.Culprits, report.Grid);
        }
    }

    private void GiveUpWithout(int gone, StepRun run, List<StallReport.WorkerState> states)
    {
        var report = Report(run, states);
        var at = report.ActionOf(gone) is { } action ? $" at {report.Describe(action)}" : "";
        var message = $"{report.Subject} was given up: the thread of worker {gone} is gone{at}. It did not end by an exception: native code ended it. The pipeline "
            + $"can't be used any more: dispose it and build another.\n{report.Grid}";
        PipelineLog.GivenUp(logger, message);
        Broken = new PipelineStallException(message, report.Grid, run.Step, isPipelineUsable: false);
        run.Fail(Broken);
    }

    /// <summary>Whether no worker can ever move again: each that has not ended is blocked on a link that is not ready for it.</summary>
    /// <remarks>
    /// A link says under its lock whether its side is blocked; whoever could make it ready after that must have turned to another phase since, as
    /// it hands on before it turns. So where all positions are the same before and after the links were asked, all were blocked at once.
    /// </remarks>
    private bool IsDeadlock(StepRun run, List<StallReport.WorkerState> states)
    {
        for (var worker = 0; worker < states.Count; worker++)
        {
            var (slot, phase, _) = states[worker].Position;
            if (phase == WorkerPhase.Ended) continue;
            if (!states[worker].Waits || !run.Links.IsBlocked(run.Program.Workers[worker][slot], phase)) return false;
        }

        return workers.Select((worker, index) => worker.Position.IsAt(states[index].Position)).All(static same => same)
            && states.Exists(state => state.Position.Phase != WorkerPhase.Ended);
    }

    private StallReport Report(StepRun run, List<StallReport.WorkerState> states) => new(pipeline, run, stageNames, states);

    private List<StallReport.WorkerState> States(long now)
        => [.. workers.Select(worker =>
        {
            // First whether it lives: what has ended its part may end itself.
            var isAlive = worker.IsAlive;
            var position = worker.Position;
            var time = Stopwatch.GetElapsedTime(Math.Min(position.Since, now), now);
            return new StallReport.WorkerState(position, time, isAlive || position.Phase == WorkerPhase.Ended);
        })];
}

/// <summary>A worker, as who waits for it sees it.</summary>
internal interface IWatchedWorker
{
    /// <summary>Whether its thread is.</summary>
    bool IsAlive { get; }

    /// <summary>Where it is in its program.</summary>
    WorkerPosition Position { get; }

    /// <summary>Waits until it has ended its part of the step, once per step. False after <paramref name="milliseconds"/>.</summary>
    bool Wait(int milliseconds);

    /// <summary>Disposes what it still holds, once its thread is gone.</summary>
    void ReleaseHeld();
}
