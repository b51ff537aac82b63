using System.Diagnostics;
using PipelineSdk.Diagnostics;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The workers of one pipeline: starts them on a step, waits until all have ended, and collects what they recorded.</summary>
internal sealed class WorkerGroup<TModel> : IDisposable
    where TModel : nn.Module
{
    private readonly Worker<TModel>[] workers;
    private readonly IReadOnlyList<string> stageNames;
    private readonly string pipeline;

    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="settings">Cores and intra-op threads.</param>
    /// <param name="runners">The stages.</param>
    /// <param name="programs">Says which worker runs which stage.</param>
    public WorkerGroup(string pipeline, WorkerThreadSettings settings, IReadOnlyList<StageRunner<TModel>> runners, StepPrograms programs)
    {
        this.pipeline = pipeline;
        stageNames = [.. runners.Select(runner => runner.Stage.Name)];
        workers = [.. Enumerable.Range(0, programs.Workers).Select(index => new Worker<TModel>(
            $"{pipeline} worker {index}", index, settings,
            runners.Where(runner => programs.WorkerOfStage[runner.Stage.Index] == index).ToDictionary(runner => runner.Stage.Index)))];
    }

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    public int HeldBy(int worker) => workers[worker].Held;

    /// <summary>Runs a step to its end, whether it succeeds, fails or is cancelled; throws what it failed with.</summary>
    public StepTimeline Run(StepRun run, in StepClock clock, CancellationToken cancellation)
    {
        using (cancellation.UnsafeRegister(static (state, token) => ((StepRun)state!).Fail(new OperationCanceledException(token)), run))
        {
            RunAll(run);
        }

        if (run is { Failure: null, Update: { ChangesWeights: true } update })
        {
            // Not to be cancelled any more: the weights of all stages change, or those of none.
            update.Combine();
            run.IsFlushed = true;
            RunAll(run);
        }

        var end = Stopwatch.GetTimestamp();
        run.Span?.End(end, run.Failure);
        if (run.Failure is { } failure)
        {
            run.Links.Reset();
            throw failure;
        }

        return Timeline(run, clock, end);
    }

    /// <summary>Ends the threads. Only between steps.</summary>
    public void Dispose()
    {
        foreach (var worker in workers) worker.Dispose();
    }

    private void RunAll(StepRun run)
    {
        foreach (var worker in workers) worker.Begin(run);
        foreach (var worker in workers) worker.Wait();
    }

    private StepTimeline Timeline(StepRun run, in StepClock clock, long end)
    {
        TimelineRecorder[] recorders = [.. workers.Select(worker => worker.Recorder)];
        return new StepTimeline
        {
            Pipeline = pipeline,
            Step = run.Step,
            Schedule = run.Program.ScheduleName,
            Mode = run.Mode,
            Workers = workers.Length,
            MicroBatches = run.Batch.Count,
            StageNames = stageNames,
            StartedAt = clock.StartedAt,
            Duration = clock.Since(end),
            Actions = TimelineRecorder.Collect(clock, recorders),
        };
    }
}
