using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Models;

/// <summary>A pipeline under a schedule, of which steps fail, and what a step of it gives that does not. Every step begins with the same weights.</summary>
internal sealed class FaultyRun : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly FaultyNet model;
    private readonly IPipeline<FaultyNet> pipeline;
    private readonly IDisposable subscription;
    private readonly bool hasOptimizers;
    private readonly List<Dictionary<string, Tensor>>[] versions;
    private readonly Tensor x;
    private readonly Tensor y;
    private readonly double loss;
    private readonly Dictionary<string, Tensor> results;
    private readonly long live;
    private StepTimeline? last;

    /// <param name="name">The schedule.</param>
    /// <param name="optimizers">Whether the pipeline has optimizers of its own.</param>
    public FaultyRun(string name, bool optimizers)
    {
        var schedule = ScheduleCatalog.Get(name);
        var shape = schedule.NearestShapes(new ScheduleShape(2, 4, 4), 1)[0];
        Program = WholeBackwards.Of(schedule.Build(shape));
        hasOptimizers = optimizers;
        model = new FaultyNet(shape.Stages);
        versions = [.. Enumerable.Range(0, shape.Stages).Select(stage => new List<Dictionary<string, Tensor>> { WeightsOf(stage) })];
        x = randn(2 * shape.MicroBatches, 3);
        x.requires_grad = true; // so that the first stage has an input gradient too
        y = randn(2 * shape.MicroBatches, 3);
        pipeline = Create(schedule, shape);
        subscription = StepTimelines.Subscribe(timeline => last = timeline);
        model.AfterUpdate = first => Assert.All(StagesBeside(first), stage => versions[stage].Add(WeightsOf(stage)));
        (loss, results) = Step();
        model.AfterUpdate = null;
        live = LiveTensors.Settled();
    }

    public ScheduleProgram Program { get; }

    public IEnumerable<(int Stage, int MicroBatch)> Places
        => from stage in Enumerable.Range(0, Program.Shape.Stages) from microBatch in Enumerable.Range(0, Program.Shape.MicroBatches) select (stage, microBatch);

    /// <summary>What a step with a fault throws. Every tensor of it is gone.</summary>
    public Exception? Fail(Fault fault)
    {
        Restore();
        model.Fault = fault;
        var failure = Record.Exception(() => pipeline.TrainStep(x, y, model.Loss, fault.Cancellation?.Token ?? default));
        model.Fault = null;
        // The pipeline's own optimizers leave out what a failed step has added; an optimizer of the caller's needs zero_grad().
        if (!hasOptimizers) Dispose(TakeResults());
        Assert.Equal(live, Tensor.TotalCount);
        return failure;
    }

    /// <summary>The exception of a step with a fault names it and nothing else.</summary>
    public void AssertNames(Fault fault, PipelineAction action, Exception? exception)
    {
        var failure = Assert.IsType<PipelineException>(exception);
        Assert.Equal((action, Program.WorkerOf(fault.Stage), $"layers.{fault.Stage}"), (failure.Action, failure.Worker, failure.StageName));
        Assert.Contains(
            $"of stage {fault.Stage} (layers.{fault.Stage}) failed on micro-batch {fault.MicroBatch} (action {action}, worker {failure.Worker}): ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);

        var cause = failure.InnerException!;
        var message = fault.Kind switch
        {
            FaultKind.Throw => "bad pixel",
            FaultKind.Native => "shapes cannot be multiplied",
            FaultKind.NativeOutOfMemory => "memory",
            FaultKind.HandOver when fault.Stage == Program.Shape.Stages - 1 => "unknown label",
            FaultKind.HandOver => "can't be taken apart",
            FaultKind.OutOfMemory => "",
            FaultKind.Update => "no step today",
            _ => "modified by an inplace operation",
        };
        Assert.Contains(message, cause.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Kind == FaultKind.OutOfMemory, cause is OutOfMemoryException);
        // What the user wrote is on the stack; a backward runs none of it.
        if (fault.Kind is not (FaultKind.Backward or FaultKind.WeightGradient)) Assert.Contains(nameof(FaultyNet), cause.StackTrace, StringComparison.Ordinal);
    }

    /// <summary>After a failed step each stage has the weights that its optimizer made last in it, bit for bit those of a step that does not fail.</summary>
    public void AssertWeightsAreThoseOfTheUpdatesThatRan()
    {
        var failed = (last!.Failure as PipelineException)?.Action;
        for (var stage = 0; stage < versions.Length; stage++)
        {
            var updates = last.Actions.Count(record => record.Action.Kind == ActionKind.Update && record.Worker == Program.WorkerOf(stage) && record.Action != failed);
            var weights = WeightsOf(stage);
            using (NewDisposeScope()) Gradients.AssertEqual(versions[stage][updates], weights);
            Dispose(weights);
        }
    }

    /// <summary>Loss, gradients and weights of the next step are bit for bit those of a pipeline that never failed.</summary>
    public void AssertNextStepIsAsEver()
    {
        model.Fault = null;
        var (actual, taken) = Step();
        Assert.Equal(loss, actual);
        using (NewDisposeScope()) Gradients.AssertEqual(results, taken);
        Dispose(taken);
        Assert.Equal(live, Tensor.TotalCount);
    }

    public void Dispose()
    {
        subscription.Dispose();
        pipeline.Dispose();
        Dispose(results);
        foreach (var weights in versions.SelectMany(static stage => stage)) Dispose(weights);
        scope.Dispose();
    }

    private static void Dispose(Dictionary<string, Tensor> tensors)
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
    }

    private IPipeline<FaultyNet> Create(PipelineSchedule schedule, ScheduleShape shape) => Pipeline.Create(model, new PipelineOptions
    {
        Schedule = schedule,
        Stages = shape.Stages,
        Workers = shape.Workers,
        MicroBatches = shape.MicroBatches,
        IntraOpThreads = 1,
        Optimizer = hasOptimizers ? model.Optimizer : null,
    });

    private (double Loss, Dictionary<string, Tensor> Results) Step()
    {
        Restore();
        return (pipeline.TrainStep(x, y, model.Loss).Loss, TakeResults());
    }

    private IEnumerable<int> StagesBeside(int first)
        => Enumerable.Range(0, Program.Shape.Stages).Where(stage => Program.WorkerOf(stage) == Program.WorkerOf(first));

    private void Restore()
    {
        using var untracked = no_grad();
        using var handles = NewDisposeScope();
        foreach (var (name, parameter) in model.named_parameters())
        {
            parameter.copy_(versions.Select(stage => stage[0]).Single(weights => weights.ContainsKey(name))[name]);
        }
    }

    private Dictionary<string, Tensor> WeightsOf(int stage)
    {
        using var handles = NewDisposeScope();
        return model.named_parameters().Where(entry => entry.name.StartsWith($"layers.{stage}.", StringComparison.Ordinal))
            .ToDictionary(entry => entry.name, entry => entry.parameter.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Gradients, the input's too, and weights.</summary>
    private Dictionary<string, Tensor> TakeResults()
    {
        // Every look at a gradient makes a handle of its own.
        using var handles = NewDisposeScope();
        var taken = Gradients.Take(model);
        if (x.grad is { } gradient) taken["x"] = gradient.clone();
        x.grad = null;
        foreach (var (name, parameter) in model.named_parameters()) taken[$"new {name}"] = parameter.detach().clone();
        foreach (var copy in taken.Values) copy.DetachFromDisposeScope();
        return taken;
    }
}
