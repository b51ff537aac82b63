using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>
/// A fault in every action of every schedule: one exception that names it, nothing left behind, and a next step whose numbers are bit for bit those of a
/// pipeline that never failed.
/// </summary>
public sealed class FaultInjectionTests
{
    private static readonly FaultKind[] InForward =
        [FaultKind.Throw, FaultKind.OutOfMemory, FaultKind.Native, FaultKind.NativeOutOfMemory, FaultKind.HandOver];

    public static TheoryData<string> Schedules() => [.. FlushSchedules.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_fault_in_any_action_names_it_leaves_nothing_behind_and_no_trace_in_the_next_step(string name)
    {
        using var run = new FaultyRun(name);
        var injected = new HashSet<ActionKind>();
        foreach (var (stage, microBatch) in run.Places)
        {
            // A kind per place: over all places and schedules every kind comes everywhere.
            var forward = InForward[(stage + microBatch + name.Length) % InForward.Length];
            foreach (var kind in new[] { forward, FaultKind.Backward, FaultKind.WeightGradient })
            {
                var fault = new Fault(kind, stage, microBatch);
                if (fault.ActionIn(run.Program) is not { } action) continue;
                injected.Add(action.Kind);

                var failure = Assert.IsType<PipelineException>(run.Fail(fault));

                Assert.Equal((action, run.Program.WorkerOf(stage), $"layers.{stage}"), (failure.Action, failure.Worker, failure.StageName));
                Assert.Contains($"of stage {stage} (layers.{stage}) failed on micro-batch {microBatch} (action {action}, worker {failure.Worker}): ", failure.Message, StringComparison.Ordinal);
                Assert.DoesNotContain('\n', failure.Message);
                AssertCause(fault, run, failure.InnerException!);
                run.AssertNextStepIsAsEver();
            }
        }

        Assert.Equal(run.Program.Workers.SelectMany(worker => worker).Select(action => action.Kind).Distinct().Order(), injected.Order());
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Cancelling_in_any_action_leaves_nothing_behind_and_no_trace_in_the_next_step(string name)
    {
        using var run = new FaultyRun(name);
        foreach (var (stage, microBatch) in run.Places)
        {
            using var cancellation = new CancellationTokenSource();
            var kind = (stage + microBatch) % 2 == 0 ? FaultKind.CancelInForward : FaultKind.CancelInBackward;
            var failure = run.Fail(new Fault(kind, stage, microBatch) { Cancellation = cancellation });
            Assert.Equal(cancellation.Token, Assert.IsType<OperationCanceledException>(failure).CancellationToken);
            run.AssertNextStepIsAsEver();
        }
    }

    [Fact]
    public void A_boundary_that_can_not_be_made_fails_the_step_and_the_next_makes_it()
    {
        using var scope = NewDisposeScope();
        using var model = new FaultyNet(2);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 2 });
        var x = randn(4, 3);
        var live = LiveTensors.Settled();
        try
        {
            FaultyNet.OnCreateOutput = static () => throw new FormatException("no boundary");
            var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, x, model.Loss));
            Assert.IsType<FormatException>(failure.InnerException);
        }
        finally
        {
            FaultyNet.OnCreateOutput = null;
        }

        Assert.Equal(live, Tensor.TotalCount);
        Assert.True(double.IsFinite(pipeline.TrainStep(x, x, model.Loss).Loss));
    }

    private static void AssertCause(Fault fault, FaultyRun run, Exception cause)
    {
        var message = fault.Kind switch
        {
            FaultKind.Throw => "bad pixel",
            FaultKind.Native => "shapes cannot be multiplied",
            FaultKind.NativeOutOfMemory => "memory",
            FaultKind.HandOver when fault.Stage == run.Program.Shape.Stages - 1 => "unknown label",
            FaultKind.HandOver => "can't be taken apart",
            FaultKind.OutOfMemory => "",
            _ => "modified by an inplace operation",
        };
        Assert.Contains(message, cause.Message, StringComparison.Ordinal);
        Assert.Equal(fault.Kind == FaultKind.OutOfMemory, cause is OutOfMemoryException);
        // What the user wrote is on the stack; a backward runs none of it.
        if (fault.Kind is not (FaultKind.Backward or FaultKind.WeightGradient)) Assert.Contains(nameof(FaultyNet), cause.StackTrace, StringComparison.Ordinal);
    }

    /// <summary>A pipeline under a schedule, and what a step of it gives that does not fail.</summary>
    private sealed class FaultyRun : IDisposable
    {
        private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
        private readonly FaultyNet model;
        private readonly IPipeline<FaultyNet> pipeline;
        private readonly Tensor x;
        private readonly Tensor y;
        private readonly double loss;
        private readonly Dictionary<string, Tensor> gradients;
        private readonly long live;

        public FaultyRun(string name)
        {
            var schedule = ScheduleCatalog.Get(name);
            var shape = schedule.NearestShapes(new ScheduleShape(2, 4, 4), 1)[0];
            Program = WholeBackwards.Of(schedule.Build(shape));
            model = new FaultyNet(shape.Stages);
            x = randn(2 * shape.MicroBatches, 3);
            x.requires_grad = true; // so that the first stage has an input gradient too
            y = randn(2 * shape.MicroBatches, 3);
            pipeline = Create(schedule, shape);
            (loss, gradients) = Step();
            live = LiveTensors.Settled();
        }

        public ScheduleProgram Program { get; }

        public IEnumerable<(int Stage, int MicroBatch)> Places
            => from stage in Enumerable.Range(0, Program.Shape.Stages) from microBatch in Enumerable.Range(0, Program.Shape.MicroBatches) select (stage, microBatch);

        /// <summary>What a step with a fault throws. Every tensor of it is gone.</summary>
        public Exception? Fail(Fault fault)
        {
            model.Fault = fault;
            var failure = Record.Exception(() => pipeline.TrainStep(x, y, model.Loss, fault.Cancellation?.Token ?? default));
            model.Fault = null;
            foreach (var gradient in TakeGradients().Values) gradient.Dispose();
            Assert.Equal(live, Tensor.TotalCount);
            return failure;
        }

        public void AssertNextStepIsAsEver()
        {
            model.Fault = null;
            var (actual, taken) = Step();
            Assert.Equal(loss, actual);
            using (NewDisposeScope()) Gradients.AssertEqual(gradients, taken);
            foreach (var gradient in taken.Values) gradient.Dispose();
            Assert.Equal(live, Tensor.TotalCount);
        }

        public void Dispose()
        {
            pipeline.Dispose();
            foreach (var gradient in gradients.Values) gradient.Dispose();
            scope.Dispose();
        }

        private IPipeline<FaultyNet> Create(PipelineSchedule schedule, ScheduleShape shape) => Pipeline.Create(model, new PipelineOptions
        {
            Schedule = schedule,
            Stages = shape.Stages,
            Workers = shape.Workers,
            MicroBatches = shape.MicroBatches,
            IntraOpThreads = 1,
        });

        private (double Loss, Dictionary<string, Tensor> Gradients) Step()
            => (pipeline.TrainStep(x, y, model.Loss).Loss, TakeGradients());

        private Dictionary<string, Tensor> TakeGradients()
        {
            // Every look at a gradient makes a handle of its own.
            using var handles = NewDisposeScope();
            var taken = Gradients.Take(model);
            if (x.grad is { } gradient) taken["x"] = gradient.clone();
            x.grad = null;
            foreach (var copy in taken.Values) copy.DetachFromDisposeScope();
            return taken;
        }
    }
}
