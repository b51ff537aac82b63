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
    private readonly WorkerGroup<TModel> workers;
    private readonly WeightGradientStores<TModel> stores;
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
        StageRunner<TModel>[] runners = [.. stages.Select(stage => new StageRunner<TModel>(stage))];
        stores = new WeightGradientStores<TModel>(model, name, runners, logger);
        if (programs.Of(train: true, programs.First.Shape.MicroBatches).Split.Any) stores.Require(programs.First.ScheduleName);
        var settings = WorkerThreadSettings.Share(this.options, programs.Workers, parameters.Device?.ToString() ?? "cpu", logger);
        links = CreateLinks(this.options.MicroBatches);
        workers = new WorkerGroup<TModel>(name, settings, runners, programs);
        PipelineLog.Built(
            logger, name, stages.Length, programs.Workers, this.options.Schedule.Name, settings.IntraOpThreads, string.Join(" | ", StageNames));
    }

    public TModel Model { get; }

    public IReadOnlyList<string> StageNames { get; }

    public StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => TrainStep<Tensor>(inputs, targets, loss, cancellationToken);

    public StepResult TrainStep<TResult>(
        ModelInputs inputs, Tensor targets, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
        => Train(inputs, RequireTargets(targets), WithTargets(loss), options.LossReduction, cancellationToken);

    public StepResult TrainStep<TResult>(ModelInputs inputs, Func<TResult, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Train(inputs, null, (output, _, _) => loss(ResultAs<TResult>(output)), options.LossReduction, cancellationToken);
    }

    public StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Train(
            inputs, RequireTargets(targets), WithTargets<Tensor>(loss.call), LossModules.ReductionOf(loss), cancellationToken);
    }

    public Tensor Forward(ModelInputs inputs, CancellationToken cancellationToken = default)
        => Forward<Tensor>(inputs, cancellationToken);

    public TResult Forward<TResult>(ModelInputs inputs, CancellationToken cancellationToken = default)
    {
        using var step = Enter();
        using var batch = splitter.Split(
            blueprint.BindInputs(inputs), null, options.LossReduction, train: false, parameters.Device);
        Run(batch, loss: null, train: false, "forward", cancellationToken);
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
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    internal int HeldBy(int worker) => workers.HeldBy(worker);

    private delegate Tensor LossOfMicroBatch(Boundary output, MicroBatches batch, int microBatch);

    private StepResult Train(
        ModelInputs inputs, Tensor? targets, LossOfMicroBatch loss, LossReduction reduction, CancellationToken cancellation)
    {
        using var step = Enter();
        using var batch = splitter.Split(blueprint.BindInputs(inputs), targets, reduction, train: true, parameters.Device);
        var timeline = Run(batch, (output, i) => loss(output, batch, i), train: true, "train", cancellation);
        batch.BackwardToInputs();
        return new StepResult(batch.TotalLoss(), batch.Samples, timeline);
    }

    private EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, LossReduction reduction, CancellationToken cancellation)
    {
        var lossOf = WithTargets(loss);
        using var step = Enter();
        using var batch = splitter.Split(
            blueprint.BindInputs(inputs), RequireTargets(targets), reduction, train: false, parameters.Device);
        var timeline = Run(batch, (output, i) => lossOf(output, batch, i), train: false, "evaluate", cancellation);
        return new EvaluationResult(batch.TotalLoss(), batch.Samples, Outputs<Tensor>(batch), timeline);
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
        var whole = ResultMerger.Merge(batch, blueprint.Segments[^1].Outputs);
        var result = ResultAs<TResult>(whole);
        foreach (var tensor in BoundaryTensors.List(whole)) tensor?.MoveToOuterDisposeScope();
        return result;
    }

    private StepTimeline Run(
        MicroBatches batch, Func<Boundary, int, Tensor>? loss, bool train, string mode, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var (program, split) = programs.Of(train, batch.Count);
        if (split.Any) stores.Require(program.ScheduleName);
        if (batch.Count > links.MicroBatches) links = CreateLinks(batch.Count);
        var clock = StepClock.Start();
        var run = new StepRun
        {
            Links = links,
            Step = steps++,
            Mode = mode,
            Program = program,
            Split = split,
            Train = train,
            Batch = batch,
            Loss = loss,
            StopOnNonFiniteLoss = options.StopOnNonFiniteLoss,
            Span = PipelineTelemetry.StartStep(clock, name, program.ScheduleName, mode, steps - 1, programs.Workers, batch.Count),
        };
        var timeline = workers.Run(run, clock, cancellation);
        if (split.Any) stores.LookForCalls();
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
