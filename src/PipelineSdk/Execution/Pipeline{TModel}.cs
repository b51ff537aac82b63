using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PipelineSdk.Diagnostics;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>The pipeline: splits mini-batches, starts the workers on a program, and gathers what they yield.</summary>
internal sealed partial class Pipeline<TModel> : IPipeline<TModel>
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private readonly PipelineOptions options;
    private readonly string name;
    private readonly PipelineBlueprint<TModel> blueprint = TModel.Blueprint;
    private readonly StageParameters parameters;
    private readonly StageDevices devices;
    private readonly BatchSplitter splitter;
    private readonly StepEngine<TModel> engine;
    private readonly ModelStructure<TModel> structure;
    private readonly ModelUse use;
    private readonly PipelineLifetime lifetime;
    private StepTimeline? lastStep;

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
        use = ModelUse.Of(model);
        Place(groups);
        // The last that can fail for the model's sake: it leaves hooks on the model, which the engine takes away again.
        var tied = new TiedWeights(model, blueprint.ModelName);
        splitter = new BatchSplitter(blueprint.ModelName, blueprint.Inputs, this.options);
        var random = PipelineRandom.Of(name, this.options.Seed, model, groups, logger);
        try
        {
            var stages = groups.Select((segments, index) => new Stage<TModel>(
                index, model, segments, groups.Take(index).Sum(before => before.Count), random)).ToArray();
            StageNames = [.. stages.Select(stage => stage.Name)];
            (string Stage, IReadOnlyList<(string Name, Parameter Parameter)> Parameters)[] ofStages = [.. stages.Select(stage => (stage.Name, stage.Parameters))];
            parameters = new StageParameters(blueprint.ModelName, ofStages, tied.Names, logger);
            devices = new StageDevices(blueprint.ModelName, ofStages, this.options.Devices, this.options.SynchronizedTiming);
            structure = new ModelStructure<TModel>(model, blueprint.ModelName, stages);
            engine = new StepEngine<TModel>(
                model, blueprint.ModelName, name, this.options, stages, random, tied, devices.Stages, logger);
        }
        catch
        {
            random.Dispose();
            throw;
        }

        lifetime = new PipelineLifetime(name, () => engine.IsCurrentThread, engine.Dispose);
    }

    public TModel Model { get; }

    public IReadOnlyList<string> StageNames { get; }

    public IReadOnlyList<optim.Optimizer> Optimizers
        => [.. (engine.Optimizers?.Workers ?? []).OfType<WorkerOptimizer>().Select(worker => worker.Optimizer)];

    public StepTimeline? LastStep => Volatile.Read(ref lastStep);

    public StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => TrainStep<Tensor>(inputs, targets, loss, cancellationToken);

    public StepResult TrainStep<TResult>(
        ModelInputs inputs, Tensor targets, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => Train(() => Split(inputs, RequireTargets(targets)), WithTargets(loss), options.LossReduction, cancellationToken);

    public StepResult TrainStep<TResult>(
        ModelInputs inputs, IReadOnlyList<Tensor> targets, Func<TResult, IReadOnlyList<Tensor>, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(loss);
        return Train(() => Split(inputs, targets), (output, batch, i) => loss(ResultAs<TResult>(output), batch.Targets[i]), options.LossReduction, cancellationToken);
    }

    public StepResult TrainStep<TResult>(ModelInputs inputs, Func<TResult, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        if (options.LossWeight is not null)
        {
            throw new InvalidOperationException(
                "PipelineOptions.LossWeight counts in the targets, but this step has none: call TrainStep with the targets as well, and a loss that leaves them alone.");
        }

        return Train(() => Split(inputs, []), (output, _, _) => loss(ResultAs<TResult>(output)), options.LossReduction, cancellationToken);
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
        using var step = Enter(train: false);
        using var batch = splitter.Split(blueprint.BindInputs(inputs), [], train: false, devices);
        batch.Weights = LossWeights.Of(batch.Counts, options.LossReduction, null, 1);
        Run(batch, loss: null, engine.Programs.Of(train: false, batch.Count), update: null, "forward", cancellationToken);
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

    public void Dispose() => lifetime.Dispose();

    public ValueTask DisposeAsync() => lifetime.DisposeAsync();

    /// <summary>What <see cref="Optimizers"/> step over, by the names that the weights have in the model.</summary>
    internal IEnumerable<(string Name, Parameter Parameter)> OptimizedParameters
        => (engine.Optimizers?.Workers ?? []).OfType<WorkerOptimizer>().SelectMany(worker => worker.NamedParameters);

    /// <summary>Whether the schedule changes weights within a run.</summary>
    internal bool IsAsynchronous => engine.Programs.First.IsAsynchronous;

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    internal int HeldBy(int worker) => engine.HeldBy(worker);

    /// <summary>The versions of a stage's weights that are held, where the schedule has several. Only on its worker's thread, or between steps.</summary>
    internal int? VersionsOf(int stage) => engine.VersionsOf(stage);

    private delegate Tensor LossOfMicroBatch(Boundary output, MicroBatches batch, int microBatch);

    /// <summary>Moves the stages' members to the devices that the options name.</summary>
    private void Place(IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> stages)
    {
        if (options.Devices is null) return;
        options.Devices = ModelPlacement.Numbered(options.Devices);
        // As a training step does: nobody may run the model meanwhile.
        use.Begin(name, blueprint.ModelName, train: true);
        try
        {
            ModelPlacement.Apply(Model, blueprint.ModelName, stages, options.Devices);
        }
        finally
        {
            use.End(train: true);
        }
    }

    private MicroBatches Split(ModelInputs inputs, IReadOnlyList<Tensor> targets)
        => splitter.Split(blueprint.BindInputs(inputs), targets, train: true, devices);

    private MicroBatches Take(IReadOnlyList<MicroBatch> microBatches)
    {
        ArgumentNullException.ThrowIfNull(microBatches);
        if (microBatches.Count == 0) throw new ArgumentException("There is no micro-batch to train on.", nameof(microBatches));
        return splitter.Take([.. microBatches.Select(part => (blueprint.BindInputs(part.Inputs), part.Targets))], train: true, devices);
    }

    private StepResult Train(Func<MicroBatches> split, LossOfMicroBatch loss, LossReduction reduction, CancellationToken cancellation)
    {
        using var step = Enter(train: true);
        using var batch = split();
        var program = engine.Programs.Of(train: true, batch.Count);
        batch.Weights = LossWeights.Of(batch.Counts, reduction, program.Updates?.UpdateOf, options.AccumulationSteps);
        using var update = program.Updates is null ? engine.Optimizers?.Begin() : null;
        try
        {
            var timeline = Run(batch, (output, i) => loss(output, batch, i), program, update, "train", cancellation);
            batch.BackwardToInputs();
            if (update is not null) engine.Optimizers!.Succeed(update);
            return new StepResult(batch.TotalLoss(), batch.Losses, batch.Samples, timeline)
            {
                WeightsChanged = program.Updates is not null || update is { ChangesWeights: true },
                GradientNorm = update?.GradientNorm,
            };
        }
        catch
        {
            engine.Optimizers?.Fail();
            throw;
        }
    }

    private EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, LossReduction reduction, CancellationToken cancellation)
    {
        var lossOf = WithTargets(loss);
        using var step = Enter(train: false);
        using var batch = splitter.Split(blueprint.BindInputs(inputs), RequireTargets(targets), train: false, devices);
        batch.Weights = LossWeights.Of(batch.Counts, reduction, null, 1);
        var timeline = Run(batch, (output, i) => lossOf(output, batch, i), engine.Programs.Of(train: false, batch.Count), update: null, "evaluate", cancellation);
        return new EvaluationResult(batch.TotalLoss(), batch.Samples, Outputs<Tensor>(batch), timeline)
        {
            MeanOver = reduction == LossReduction.Mean ? batch.Counts.Sum() : null,
        };
    }

    private static IReadOnlyList<Tensor> RequireTargets(Tensor targets)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return [targets];
    }

    private LossOfMicroBatch WithTargets<TResult>(Func<TResult, Tensor, Tensor> loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return (output, batch, i) => loss(ResultAs<TResult>(output), batch.Targets[i][0]);
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
        var timeline = engine.Run(batch, loss, step, update, mode, lifetime, cancellation);
        Volatile.Write(ref lastStep, timeline);
        return timeline;
    }

    private Turn Enter(bool train)
    {
        lifetime.Enter();
        try
        {
            engine.RequireAlive();
            parameters.RequireUsable();
            structure.RequireSame();
            use.Begin(name, blueprint.ModelName, train);
            return new Turn(this, train);
        }
        catch
        {
            lifetime.Leave();
            throw;
        }
    }

    private readonly struct Turn(Pipeline<TModel> pipeline, bool train) : IDisposable
    {
        public void Dispose()
        {
            pipeline.use.End(train);
            pipeline.lifetime.Leave();
        }
    }
}
