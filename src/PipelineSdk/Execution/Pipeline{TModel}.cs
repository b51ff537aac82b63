using System.Diagnostics;
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
    private readonly string name;
    private readonly PipelineBlueprint<TModel> blueprint = TModel.Blueprint;
    private readonly StageParameters parameters;
    private readonly BatchSplitter splitter;
    private readonly Worker<TModel>[] workers;
    private readonly Dictionary<(bool Train, int MicroBatches), ScheduleProgram> programs = [];
    private readonly SemaphoreSlim turn = new(1, 1);
    private StageLinks links;
    private long steps;
    private bool disposed;

    public Pipeline(TModel model, PipelineOptions? options, ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(model);
        this.options = options ?? new PipelineOptions();
        PipelineOptionsValidator.ThrowIfInvalid(this.options);
        logger ??= NullLogger.Instance;
        Model = model;
        name = this.options.Name ?? blueprint.ModelName;

        var stages = StageLayout.Group(blueprint, model, this.options.Stages)
            .Select((segments, index) => new Stage<TModel>(index, model, segments)).ToArray();
        StageNames = [.. stages.Select(stage => stage.Name)];
        parameters = new StageParameters(blueprint.ModelName, [.. stages.Select(stage => (stage.Name, stage.Parameters))]);
        splitter = new BatchSplitter(blueprint.ModelName, blueprint.Inputs, this.options);
        if (this.options.TuneAllocator && !NativeAllocator.Tune()) PipelineLog.AllocatorNotTuned(logger);

        var settings = WorkerThreadSettings.Share(this.options, stages.Length, parameters.Device?.ToString() ?? "cpu", logger);
        // Before any thread exists: what a wrong schedule or shape throws leaves nothing behind.
        Program(train: true, this.options.MicroBatchSize is null ? this.options.MicroBatches : stages.Length);
        links = CreateLinks(this.options.MicroBatches);
        workers = [.. stages.Select(stage => new Worker<TModel>(
            $"{name} worker {stage.Index}", stage.Index, settings,
            new Dictionary<int, StageRunner<TModel>> { [stage.Index] = new(stage) }))];
        PipelineLog.Built(
            logger, name, stages.Length, this.options.Schedule.Name, settings.IntraOpThreads, string.Join(" | ", StageNames));
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
        }
        finally
        {
            turn.Release();
        }
    }

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

    private TResult ResultAs<TResult>(Boundary output) => blueprint.GetResult(output) switch
    {
        TResult result => result,
        var other => throw new NotSupportedException(
            $"{blueprint.ModelName}.forward returned {other?.GetType().Name ?? "null"}, not {typeof(TResult).Name}: name the type of its result, "
            + $"as in Forward<(Tensor, Tensor)>(...)."),
    };

    private TResult Outputs<TResult>(MicroBatches batch)
    {
        using var scope = NewDisposeScope();
        var whole = ResultMerger.Merge(batch);
        var result = ResultAs<TResult>(whole);
        foreach (var tensor in BoundaryTensors.List(whole)) tensor?.MoveToOuterDisposeScope();
        return result;
    }

    private StepTimeline Run(
        MicroBatches batch, Func<Boundary, int, Tensor>? loss, bool train, string mode, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var program = Program(train, batch.Count);
        if (batch.Count > links.MicroBatches) links = CreateLinks(batch.Count);
        var clock = StepClock.Start();
        var span = PipelineTelemetry.StartStep(clock, name, program.ScheduleName, mode, steps, workers.Length, batch.Count);
        var run = new StepRun
        {
            Links = links,
            Step = steps++,
            Program = program,
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

    private ScheduleProgram Program(bool train, int microBatches)
    {
        if (programs.TryGetValue((train, microBatches), out var known)) return known;
        var schedule = train ? options.Schedule : PipelineSchedule.ForwardOnly;
        var program = RunnableProgram.Require(schedule.Build(new ScheduleShape(StageNames.Count, StageNames.Count, microBatches)));
        ScheduleCheck.Verify(program, options.LinkCapacity ?? microBatches);
        return programs[(train, microBatches)] = program;
    }

    private StageLinks CreateLinks(int microBatches)
        => new(StageNames.Count, options.LinkCapacity ?? microBatches, microBatches, spin: Environment.ProcessorCount >= StageNames.Count);

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
