using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PipelineSdk.Diagnostics;
using PipelineSdk.Machine;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The workers of one pipeline: starts them on a step, waits until all have ended, and collects what they recorded.</summary>
internal sealed class WorkerGroup<TModel> : IDisposable
    where TModel : nn.Module
{
    private readonly Worker<TModel>[] workers;
    private readonly IReadOnlyList<string> stageNames;
    private readonly Watchdog watchdog;
    private readonly string pipeline;
    private readonly string[] devices;
    private readonly string device;
    private readonly bool isSynchronized;
    private readonly int threads;

    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="settings">Cores and intra-op threads.</param>
    /// <param name="runners">The stages.</param>
    /// <param name="programs">Says which worker runs which stage.</param>
    /// <param name="stallTimeout">How long nothing may move before it is reported; null never reports.</param>
    /// <param name="logger">Where to.</param>
    public WorkerGroup(
        string pipeline, WorkerThreadSettings settings, IReadOnlyList<StageRunner<TModel>> runners, StepPrograms programs, TimeSpan? stallTimeout, ILogger logger)
    {
        this.pipeline = pipeline;
        devices = [.. runners.Select(runner => runner.Device.Name)];
        device = string.Join(", ", devices.Distinct());
        isSynchronized = runners.Any(runner => runner.Device.IsWaitedFor);
        stageNames = [.. runners.Select(runner => runner.Stage.Name)];
        workers = [.. Enumerable.Range(0, programs.Workers).Select(index => new Worker<TModel>(
            WorkerThreadSettings.ThreadName(pipeline, index), index, settings,
            runners.Where(runner => programs.WorkerOfStage[runner.Stage.Index] == index).ToDictionary(runner => runner.Stage.Index)))];
        threads = workers.Length * settings.IntraOpThreads;
        var others = Interlocked.Add(ref LivePipelines.Threads, threads) - threads;
        EnvironmentCheck.Default.CompareThreads(workers.Length, settings.IntraOpThreads, others, WorkerThreadSettings.UsableCores, logger);
        watchdog = new Watchdog(pipeline, stageNames, workers, stallTimeout, logger);
    }

    /// <summary>Whether the calling thread is one of the workers'.</summary>
    public bool IsCurrentThread => Array.Exists(workers, static worker => worker.IsCurrent);

    /// <exception cref="InvalidOperationException">A worker's thread is gone.</exception>
    public void RequireAlive()
    {
        if (watchdog.Broken is { } broken)
        {
            throw new InvalidOperationException(
                $"Pipeline '{pipeline}' can't be used any more: a worker's thread was gone in step {broken.Step}. Dispose it and build another.", broken);
        }
    }

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    public int HeldBy(int worker) => workers[worker].Held;

    /// <summary>Runs a step to its end, whether it succeeds, fails or is cancelled, and reports it; throws what it failed with.</summary>
    public StepTimeline Run(StepRun run, in StepClock clock, CancellationToken cancellation, PipelineLifetime? lifetime = null)
    {
        var paused = GC.GetTotalPauseDuration();
        using (lifetime?.Disposing.UnsafeRegister(_ => run.Fail(lifetime.GivenUp(run.Step)), null))
        using (cancellation.UnsafeRegister(static (state, token) => ((StepRun)state!).Fail(new OperationCanceledException(token)), run))
        {
            RunAll(run);
        }

        run.Flush();
        if (run is { IsFlushed: true, Update.ChangesWeights: true })
        {
            // Not to be cancelled any more: the optimizers of all workers step, or none does.
            RunAll(run);
        }

        var failure = run.Failure;
        // Before anybody is told: a listener may throw.
        if (failure is not null) run.Links.Reset();
        var timeline = Timeline(run, clock, Stopwatch.GetTimestamp(), GC.GetTotalPauseDuration() - paused);
        run.Span?.End(timeline);
        StepTimelines.Publish(timeline);
        if (failure is null) return timeline;
        if (failure is PipelineException ours) ours.Timeline = timeline;
        throw failure;
    }

    /// <summary>Ends the threads. Only between steps.</summary>
    public void Dispose()
    {
        foreach (var worker in workers) worker.Dispose();
        Interlocked.Add(ref LivePipelines.Threads, -threads);
    }

    private void RunAll(StepRun run)
    {
        foreach (var worker in workers) worker.Begin(run);
        watchdog.Wait(run);
    }

    private StepTimeline Timeline(StepRun run, in StepClock clock, long end, TimeSpan garbageCollection)
    {
        TimelineRecorder[] recorders = [.. workers.Select(worker => worker.Recorder)];
        var actions = TimelineRecorder.Collect(clock, recorders);
        return new StepTimeline
        {
            Pipeline = pipeline,
            Step = run.Step,
            Schedule = run.Program.ScheduleName,
            Rule = run.Rule,
            Mode = run.Mode,
            Workers = workers.Length,
            MicroBatches = run.Batch.Count,
            StageNames = stageNames,
            StartedAt = clock.StartedAt,
            Duration = clock.Since(end),
            Actions = actions,
            Samples = run.Batch.Samples,
            Device = device,
            StageDevices = devices,
            IsSynchronized = isSynchronized,
            GarbageCollection = garbageCollection,
            Failure = run.Failure,
            ActionsNotRun = run.Failure is null ? 0 : run.Program.Workers.Sum(program => program.Count) - actions.Length,
        };
    }
}
