using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PipelineSdk.Diagnostics;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>The pipeline: splits mini-batches, starts the workers on a program, and gathers what they yield.</summary>
internal sealed class Pipeline<TModel> : IPipeline<TModel>
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private readonly PipelineOptions options;
    private readonly ILogger logger;
    private readonly string name;
    private readonly PipelineBlueprint<TModel> blueprint = TModel.Blueprint;
    private readonly StageParameters parameters;
    private readonly BatchSplitter splitter;
    private readonly Worker<TModel>[] workers;
    private readonly int[] workerOfStage;
    private readonly StageRunner<TModel>[] runners;
    private readonly List<WeightGradientStore> stores = [];
    private readonly Dictionary<(bool Train, int MicroBatches), (ScheduleProgram Program, SplitBackwards Split)> programs = [];
    private readonly SemaphoreSlim turn = new(1, 1);
    private StageLinks links;
    private bool lookedForCalls;
    private long steps;
    private bool disposed;

    public Pipeline(TModel model, PipelineOptions? options, ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new PipelineOptions();
        PipelineOptionsValidator.ThrowIfInvalid(options);
        logger ??= NullLogger.Instance;
        this.logger = logger;
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
        var program = TrainingProgram(this.options.MicroBatchSize is null ? this.options.MicroBatches : stages.Length);
        workerOfStage = [.. stages.Select(stage => program.WorkerOf(stage.Index))];
        runners = [.. stages.Select(stage => new StageRunner<TModel>(stage))];
        Keep(program, train: true);
        var settings = WorkerThreadSettings.Share(this.options, WorkerCount, parameters.Device?.ToString() ?? "cpu", logger);
        links = CreateLinks(this.options.MicroBatches);
        workers = [.. Enumerable.Range(0, WorkerCount).Select(index => new Worker<TModel>(
            $"{name} worker {index}", index, settings,
            runners.Where(runner => workerOfStage[runner.Stage.Index] == index).ToDictionary(runner => runner.Stage.Index)))];
        PipelineLog.Built(
            logger, name, stages.Length, WorkerCount, this.options.Schedule.Name, settings.IntraOpThreads, string.Join(" | ", StageNames));
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
            foreach (var worker in workers) worker.Dispose();
            foreach (var store in stores) store.Dispose();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The forwards whose activations a worker holds. Only on that worker's thread, or between steps.</summary>
    internal int HeldBy(int worker) => workers[worker].Held;

    private int WorkerCount => options.Workers ?? StageNames.Count;

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
        var (program, split) = Program(train, batch.Count);
        if (batch.Count > links.MicroBatches) links = CreateLinks(batch.Count);
        var clock = StepClock.Start();
        var span = PipelineTelemetry.StartStep(clock, name, program.ScheduleName, mode, steps, workers.Length, batch.Count);
        var run = new StepRun
        {
            Links = links,
            Step = steps++,
            Program = program,
            Split = split,
            Train = train,
            Batch = batch,
            Loss = loss,
            StopOnNonFiniteLoss = options.StopOnNonFiniteLoss,
            Span = span,
        };
        using (cancellation.UnsafeRegister(static (state, token) => ((StepRun)state!).Fail(new OperationCanceledException(token)), run))
        {
            foreach (var worker in workers) worker.Begin(run);
            foreach (var worker in workers) worker.Wait();
        }

        var end = Stopwatch.GetTimestamp();
        span?.End(end, run.Failure);
        if (run.Failure is { } failure)
        {
            links.Reset();
            throw failure;
        }

        if (split.Any && !lookedForCalls) LookForCalls();
        var timeline = Timeline(run, clock, end, mode);
        PipelineMetrics.RecordStep(timeline);
        return timeline;
    }

    private StepTimeline Timeline(StepRun run, in StepClock clock, long end, string mode)
    {
        TimelineRecorder[] recorders = [.. workers.Select(worker => worker.Recorder)];
        return new StepTimeline
        {
            Pipeline = name,
            Step = run.Step,
            Schedule = run.Program.ScheduleName,
            Mode = mode,
            Workers = workers.Length,
            MicroBatches = run.Batch.Count,
            StageNames = StageNames,
            StartedAt = clock.StartedAt,
            Duration = clock.Since(end),
            Actions = TimelineRecorder.Collect(clock, recorders),
        };
    }

    private (ScheduleProgram Program, SplitBackwards Split) Program(bool train, int microBatches)
        => programs.TryGetValue((train, microBatches), out var known)
            ? known
            : Keep(train ? TrainingProgram(microBatches) : ForwardProgram.Build(workerOfStage, WorkerCount, microBatches), train);

    private (ScheduleProgram Program, SplitBackwards Split) Keep(ScheduleProgram program, bool train)
    {
        var microBatches = program.Shape.MicroBatches;
        if (StageNames.Where((_, stage) => program.WorkerOf(stage) != workerOfStage[stage]).Any())
        {
            throw new ArgumentException(
                $"{program.ScheduleName} places stages on other workers for {microBatches} micro-batch(es) than it did when the pipeline was built. "
                + "Build a pipeline for each, with PipelineOptions.MicroBatches.");
        }

        ScheduleCheck.Verify(program, options.LinkCapacity ?? microBatches);
        var split = new SplitBackwards(program);
        if (split.Any && stores.Count == 0) PutWeightGradientsOff(program.ScheduleName);
        return programs[(train, microBatches)] = (program, split);
    }

    private void PutWeightGradientsOff(string schedule)
    {
        foreach (var runner in runners)
        {
            runner.Store = WeightGradientStore.Of(Model, runner.Stage);
            stores.Add(runner.Store);
        }

        var layers = stores.Sum(store => store.Layers.Count());
        if (layers == 0)
        {
            PipelineLog.NothingToPutOff(logger, name, schedule);
            return;
        }

        var all = runners.Sum(runner => runner.Stage.Parameters.Sum(entry => entry.Parameter.numel()));
        var share = (100.0 * stores.Sum(store => store.ParameterCount) / all).ToString("0.0", CultureInfo.InvariantCulture);
        PipelineLog.PutsOff(logger, name, schedule, layers, share);
    }

    /// <summary>After the first step: which layers turned out not to be put off.</summary>
    private void LookForCalls()
    {
        lookedForCalls = true;
        var missed = stores.SelectMany(store => store.NeverCalled).ToList();
        if (missed.Count > 0) PipelineLog.NotPutOff(logger, name, missed.Count, stores.Sum(store => store.Layers.Count()), string.Join(", ", missed.Take(20)));
    }

    private ScheduleProgram TrainingProgram(int microBatches)
    {
        var shape = new ScheduleShape(WorkerCount, StageNames.Count, microBatches);
        if (options.Schedule.WhyNot(shape) is not { } reason) return RunnableProgram.Require(options.Schedule.Build(shape));
        var nearest = options.Schedule.NearestShapes(shape);
        var otherWorkers = Enumerable.Range(1, shape.Stages).Where(count => options.Schedule.WhyNot(shape with { Workers = count }) is null).ToList();
        throw new ArgumentException(
            $"{reason} Pipeline '{name}' has {shape} (PipelineOptions.Workers, Stages and MicroBatches)."
            + (otherWorkers.Count == 0 ? "" : $" With PipelineOptions.Workers = {string.Join(" or ", otherWorkers)} it works.")
            + (nearest.Count == 0 ? "" : $" What works besides: {string.Join("; ", nearest)}."));
    }

    private StageLinks CreateLinks(int microBatches)
        => new(workerOfStage, options.LinkCapacity ?? microBatches, microBatches, spin: Environment.ProcessorCount >= WorkerCount);

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
