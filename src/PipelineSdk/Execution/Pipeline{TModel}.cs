using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PipelineSdk.Diagnostics;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>The pipeline: splits mini-batches, starts the workers on a program, and gathers what they yield.</summary>
internal sealed class Pipeline<TModel> : IPipeline<TModel>
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private readonly PipelineOptions options;
    private readonly string name;
    private readonly PipelineBlueprint<TModel> blueprint = TModel.Blueprint;
    private readonly StageParameters parameters;
    private readonly BatchSplitter splitter;
    private readonly StepPrograms programs;
    private readonly IReadOnlyList<StageRunner<TModel>> runners;
    private readonly WorkerGroup<TModel> workers;
    private readonly WeightGradientStores<TModel> stores;
    private readonly PipelineOptimizers? optimizers;
    private readonly SemaphoreSlim turn = new(1, 1);
    private StageLinks links;
    private long steps;
    private bool disposed;

    public Pipeline(TModel model, PipelineOptions? options, ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new PipelineOptions();
        PipelineOptionsValidator.ThrowIfInvalid(options);
        logger ??= NullLogger.Instance;
        Model = model;
        name = options.Name ?? blueprint.ModelName;

        var plan = PlanChoice.Of(blueprint, model, options, name, logger);
        this.options = plan is null ? options.By(blueprint) : options.By(plan);
        var groups = plan is null ? StageLayout.Group(blueprint, model, this.options.Stages) : StageLayout.Group(blueprint, model, plan);
        var stages = groups.Select((segments, index) => new Stage<TModel>(index, model, segments)).ToArray();
        StageNames = [.. stages.Select(stage => stage.Name)];
        parameters = new StageParameters(blueprint.ModelName, [.. stages.Select(stage => (stage.Name, stage.Parameters))]);
        splitter = new BatchSplitter(blueprint.ModelName, blueprint.Inputs, this.options);
        if (this.options.TuneAllocator && !NativeAllocator.Tune()) PipelineLog.AllocatorNotTuned(logger);

        // Before any thread exists: what a wrong schedule or shape throws leaves nothing behind.
        programs = new StepPrograms(this.options, name, stages.Length);
        runners = [.. stages.Select(stage => new StageRunner<TModel>(stage))];
        stores = new WeightGradientStores<TModel>(model, name, runners, logger);
        if (programs.Of(train: true, programs.First.Shape.MicroBatches).Split.Any) stores.Require(programs.First.ScheduleName);
        optimizers = StageOptimizers.Create(model, this.options, runners, programs);
        var settings = WorkerThreadSettings.Share(this.options, programs.Workers, parameters.Device?.ToString() ?? "cpu", logger);
        links = CreateLinks(this.options.MicroBatches);
        workers = new WorkerGroup<TModel>(name, settings, runners, programs);
        PipelineLog.Built(
            logger, name, stages.Length, programs.Workers, this.options.Schedule.Name, settings.IntraOpThreads, string.Join(" | ", StageNames));
    }

    public TModel Model { get; }

    public IReadOnlyList<string> StageNames { get; }

    public IReadOnlyList<optim.Optimizer> Optimizers
        => [.. (optimizers?.Workers ?? []).OfType<WorkerOptimizer>().Select(worker => worker.Optimizer)];

    public StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => TrainStep<Tensor>(inputs, targets, loss, cancellationToken);

    public StepResult TrainStep<TResult>(
        ModelInputs inputs, Tensor targets, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => Train(() => Split(inputs, RequireTargets(targets)), WithTargets(loss), options.LossReduction, cancellationToken);

    public StepResult TrainStep<TResult>(ModelInputs inputs, Func<TResult, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (options.LossWeight is not null)
        {
            throw new InvalidOperationException(
                "PipelineOptions.LossWeight counts in the targets, but this step has none: call TrainStep with the targets as well, and a loss that leaves them alone.");
        }

        return Train(() => Split(inputs, null), (output, _, _) => loss(ResultAs<TResult>(output)), options.LossReduction, cancellationToken);
    }

    public StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Train(
            () => Split(inputs, RequireTargets(targets)), WithTargets<Tensor>(loss.call), LossModules.ReductionOf(loss), cancellationToken);
    }

    public StepResult TrainStep(
        IReadOnlyList<MicroBatch> microBatches, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => TrainStep<Tensor>(microBatches, loss, cancellationToken);

    public StepResult TrainStep<TResult>(
        IReadOnlyList<MicroBatch> microBatches, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => Train(() => Take(microBatches), WithTargets(loss), options.LossReduction, cancellationToken);

    public StepResult TrainStep(
        IReadOnlyList<MicroBatch> microBatches, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Train(() => Take(microBatches), WithTargets<Tensor>(loss.call), LossModules.ReductionOf(loss), cancellationToken);
    }

    public Tensor Forward(ModelInputs inputs, CancellationToken cancellationToken = default)
        => Forward<Tensor>(inputs, cancellationToken);

    public TResult Forward<TResult>(ModelInputs inputs, CancellationToken cancellationToken = default)
    {
        using var step = Enter();
        using var batch = splitter.Split(blueprint.BindInputs(inputs), null, train: false, parameters.Device);
        batch.Weights = LossWeights.Of(batch.Counts, options.LossReduction, null, 1);
        Run(batch, loss: null, Program(train: false, batch), update: null, "forward", cancellationToken);
        return Outputs<TResult>(batch);
    }

    public EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => Evaluate(inputs, targets, loss, options.LossReduction, cancellationToken);

    public EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(inputs, targets, loss.call, LossModules.ReductionOf(loss), cancellationToken);
    }

    /// <summary>Ends the worker threads, after the step that may be running. Leaves the model alone.</summary>
    public void Dispose()
    {
        turn.Wait();
        try
        {
            if (disposed) return;
            disposed = true;
            workers.Dispose();
            stores.Dispose();
            optimizers?.Dispose();
            foreach (var runner in runners) runner.Weights?.Dispose();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    internal int HeldBy(int worker) => workers.HeldBy(worker);

    /// <summary>The versions of a stage's weights that are held, where the schedule has several. Only on its worker's thread, or between steps.</summary>
    internal int? VersionsOf(int stage) => runners[stage].Weights?.Held;

    private delegate Tensor LossOfMicroBatch(Boundary output, MicroBatches batch, int microBatch);

    private MicroBatches Split(ModelInputs inputs, Tensor? targets)
        => splitter.Split(blueprint.BindInputs(inputs), targets, train: true, parameters.Device);

    private MicroBatches Take(IReadOnlyList<MicroBatch> microBatches)
    {
        ArgumentNullException.ThrowIfNull(microBatches);
        if (microBatches.Count == 0) throw new ArgumentException("There is no micro-batch to train on.", nameof(microBatches));
        return splitter.Take([.. microBatches.Select(part => (blueprint.BindInputs(part.Inputs), part.Targets))], train: true, parameters.Device);
    }

    private StepResult Train(Func<MicroBatches> split, LossOfMicroBatch loss, LossReduction reduction, CancellationToken cancellation)
    {
        using var step = Enter();
        using var batch = split();
        var program = Program(train: true, batch);
        batch.Weights = LossWeights.Of(batch.Counts, reduction, program.Updates?.UpdateOf, options.AccumulationSteps);
        using var update = program.Updates is null ? optimizers?.Begin() : null;
        try
        {
            var timeline = Run(batch, (output, i) => loss(output, batch, i), program, update, "train", cancellation);
            batch.BackwardToInputs();
            if (update is not null) optimizers!.Succeed(update);
            return new StepResult(batch.TotalLoss(), batch.Losses, batch.Samples, timeline)
            {
                WeightsChanged = program.Updates is not null || update is { ChangesWeights: true },
                GradientNorm = update?.GradientNorm,
            };
        }
        catch
        {
            optimizers?.Fail();
            throw;
        }
    }

    private EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, LossReduction reduction, CancellationToken cancellation)
    {
        var lossOf = WithTargets(loss);
        using var step = Enter();
        using var batch = splitter.Split(blueprint.BindInputs(inputs), RequireTargets(targets), train: false, parameters.Device);
        batch.Weights = LossWeights.Of(batch.Counts, reduction, null, 1);
        var timeline = Run(batch, (output, i) => lossOf(output, batch, i), Program(train: false, batch), update: null, "evaluate", cancellation);
        return new EvaluationResult(batch.TotalLoss(), batch.Samples, Outputs<Tensor>(batch), timeline);
    }

    private StepProgram Program(bool train, MicroBatches batch)
    {
        var program = programs.Of(train, batch.Count);
        if (program.Split.Any) stores.Require(program.Program.ScheduleName);
        return program;
    }

    private static Tensor RequireTargets(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets;
    }

    private LossOfMicroBatch WithTargets<TResult>(Func<TResult, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return (output, batch, i) => loss(ResultAs<TResult>(output), batch.Targets[i]!);
    }

    private TResult ResultAs<TResult>(Boundary output) => ModelResult.As<TModel, TResult>(blueprint, output);

    private TResult Outputs<TResult>(MicroBatches batch)
    {
        using var scope = NewDisposeScope();
        var whole = ResultMerger.Merge(batch, blueprint.Segments[^1].Outputs, options.ResultBatchDimension);
        var result = ResultAs<TResult>(whole);
        foreach (var tensor in BoundaryTensors.List(whole)) tensor?.MoveToOuterDisposeScope();
        return result;
    }

    private StepTimeline Run(
        MicroBatches batch, Func<Boundary, int, Tensor>? loss, StepProgram step, StepUpdate? update, string mode, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (batch.Count > links.MicroBatches) links = CreateLinks(batch.Count);
        var clock = StepClock.Start();
        var number = steps++;
        var run = new StepRun
        {
            Links = links,
            Step = number,
            Mode = mode,
            Program = step.Program,
            Split = step.Split,
            VersionsRead = step.Updates?.VersionsRead,
            Train = mode == "train",
            Batch = batch,
            Loss = loss,
            Update = update,
            StopOnNonFiniteLoss = options.StopOnNonFiniteLoss,
            Span = PipelineTelemetry.StartStep(clock, name, step.Program.ScheduleName, mode, number, programs.Workers, batch.Count),
        };
        var timeline = workers.Run(run, clock, cancellation);
        if (step.Split.Any) stores.LookForCalls();
        PipelineMetrics.RecordStep(timeline);
        return timeline;
    }

    private StageLinks CreateLinks(int microBatches)
        => new(programs.WorkerOfStage, options.LinkCapacity ?? microBatches, microBatches, spin: Environment.ProcessorCount >= programs.Workers);

    private Turn Enter()
    {
        if (!turn.Wait(0))
        {
            throw new InvalidOperationException(
                $"Pipeline '{name}' is running a step already: a pipeline runs one at a time. Wait for it, or build a second pipeline.");
        }

        var entered = new Turn(turn);
        try
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            parameters.RequireUsable();
            return entered;
        }
        catch
        {
            entered.Dispose();
            throw;
        }
    }

    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
