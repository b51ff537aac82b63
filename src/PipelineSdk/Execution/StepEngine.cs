using Microsoft.Extensions.Logging;
using PipelineSdk.Diagnostics;
using PipelineSdk.Machine;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Runs the steps of a pipeline: its stages on their workers, and what goes with each step. One at a time: who calls sees to that.</summary>
internal sealed class StepEngine<TModel> : IDisposable
    where TModel : nn.Module
{
    private readonly string pipeline;
    private readonly PipelineOptions options;
    private readonly ListenerWarning listeners;
    private readonly IReadOnlyList<StageRunner<TModel>> runners;
    private readonly WorkerGroup<TModel> workers;
    private readonly WeightGradientStores<TModel> stores;
    private readonly DeferredBatchNorms? norms;
    private readonly TiedWeights tied;
    private StageLinks links;

    /// <param name="model">The model.</param>
    /// <param name="modelName">Its class.</param>
    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="options">The options, with all choices made.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="random">Gives segments their random numbers. Taken over.</param>
    /// <param name="tied">Weights under several names.</param>
    /// <param name="devices">Where each stage computes.</param>
    /// <param name="logger">Is told what was built.</param>
    public StepEngine(
        TModel model, string modelName, string pipeline, PipelineOptions options, IReadOnlyList<Stage<TModel>> stages, PipelineRandom random,
        TiedWeights tied, IReadOnlyList<StageDevice> devices, ILogger logger)
    {
        this.pipeline = pipeline;
        this.options = options;
        this.tied = tied;
        Random = random;
        listeners = new ListenerWarning(logger, pipeline);
        try
        {
            string[] names = [.. stages.Select(stage => stage.Name)];
            var recompute = RecomputeChoice.Of(options, pipeline, names);
            foreach (var stage in stages) RecomputeRandomness.Check(pipeline, stage, devices[stage.Index], recompute[stage.Index], logger);
            EnvironmentCheck.Default.Run(options, logger);

            // Before any thread exists: what a wrong schedule or shape throws leaves nothing behind.
            Programs = new StepPrograms(options, pipeline, stages.Count);
            norms = DeferredBatchNorms.Of(options.BatchNorm, modelName, stages.SelectMany(stage => stage.Modules));
            runners = [.. stages.Select(stage => new StageRunner<TModel>(stage, devices[stage.Index]) { Recompute = recompute[stage.Index], Norms = norms })];
            stores = new WeightGradientStores<TModel>(model, pipeline, runners, logger);
            if (Programs.Of(train: true, Programs.First.Shape.MicroBatches).Split.Any) stores.Require(Programs.First.ScheduleName);
            if (Programs.First.IsAsynchronous) tied.RefuseWithoutFlush(Programs.First.ScheduleName);
            Optimizers = StageOptimizers.Create(model, options, runners, Programs, tied);
            var settings = WorkerThreadSettings.Share(options, Programs.Workers, logger);
            links = CreateLinks(options.MicroBatches);
            workers = new WorkerGroup<TModel>(pipeline, settings, runners, Programs, options.StallTimeout, logger);
            PipelineLog.Built(
                logger, pipeline, stages.Count, Programs.Workers, options.Schedule.Name, settings.IntraOpThreads, string.Join(" | ", names));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The programs of the steps.</summary>
    public StepPrograms Programs { get; }

    /// <summary>The random numbers of the steps.</summary>
    public PipelineRandom Random { get; }

    /// <summary>The pipeline's own optimizers; null where the optimizer is the caller's.</summary>
    public PipelineOptimizers? Optimizers { get; }

    /// <summary>How many steps have begun.</summary>
    public long Steps { get; set; }

    /// <summary>Whether the calling thread is one of the workers'.</summary>
    public bool IsCurrentThread => workers.IsCurrentThread;

    /// <exception cref="InvalidOperationException">A worker's thread is gone.</exception>
    public void RequireAlive() => workers.RequireAlive();

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    public int HeldBy(int worker) => workers.HeldBy(worker);

    /// <summary>The versions of a stage's weights that are held, where the schedule has several. Only on its worker's thread, or between steps.</summary>
    public int? VersionsOf(int stage) => runners[stage].Weights?.Held;

    /// <summary>Runs a step to its end, whether it succeeds, fails or is cancelled; throws what it failed with.</summary>
    /// <param name="batch">The micro-batches.</param>
    /// <param name="loss">The loss of one of them; null where only outputs are wanted.</param>
    /// <param name="step">The program.</param>
    /// <param name="update">What happens to gradients and weights besides; null where nothing does.</param>
    /// <param name="mode">What spans call the kind of step.</param>
    /// <param name="lifetime">Gives the step up when the pipeline is disposed.</param>
    /// <param name="cancellation">Gives the step up between two actions.</param>
    public StepTimeline Run(
        MicroBatches batch, Func<Boundary, int, Tensor>? loss, StepProgram step, StepUpdate? update, string mode, PipelineLifetime lifetime,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (step.Split.Any) stores.Require(step.Program.ScheduleName);
        // A step inside a segment of another pipeline: its workers may need the generator that the segment has.
        using var lent = ProcessGenerator.Lend();
        using var draws = Random.Begin(mode);
        if (batch.Count > links.MicroBatches) links = CreateLinks(batch.Count);
        var clock = StepClock.Start();
        var number = Steps++;
        var timeline = RunWorkers(
            new StepRun
            {
                Links = links,
                Step = number,
                Mode = mode,
                Program = step.Program,
                Rule = mode == "train" ? options.Schedule : PipelineSchedule.ForwardOnly,
                Split = step.Split,
                VersionsRead = step.Updates?.VersionsRead,
                Train = mode == "train",
                Batch = batch,
                Loss = loss is null ? null : Random.Around(loss),
                Update = update,
                Tied = mode == "train" ? tied : null,
                Norms = norms,
                StopOnNonFiniteLoss = options.StopOnNonFiniteLoss,
                Span = PipelineTelemetry.StartStep(clock, pipeline, step.Program.ScheduleName, mode, number, Programs.Workers, batch.Count),
            },
            clock, lifetime, cancellation);
        draws.Completed();
        if (step.Split.Any) stores.LookForCalls();
        listeners.Look();
        return timeline;
    }

    /// <summary>Ends the threads and lets the model's layers be. Only between steps.</summary>
    public void Dispose()
    {
        // Some are missing where building failed.
        workers?.Dispose();
        stores?.Dispose();
        norms?.Dispose();
        Random.Dispose();
        Optimizers?.Dispose();
        foreach (var runner in runners ?? []) runner.Weights?.Dispose();
    }

    private StepTimeline RunWorkers(StepRun run, in StepClock clock, PipelineLifetime lifetime, CancellationToken cancellation)
    {
        norms?.Begin(run.Batch.Count);
        var succeeded = false;
        try
        {
            var timeline = workers.Run(run, clock, cancellation, lifetime);
            succeeded = true;
            return timeline;
        }
        finally
        {
            norms?.End(succeeded);
        }
    }

    private StageLinks CreateLinks(int microBatches)
        => new(
            Programs.WorkerOfStage, options.LinkCapacity ?? microBatches, microBatches,
            spin: options.SpinWhileWaiting ?? Environment.ProcessorCount >= Programs.Workers);
}
