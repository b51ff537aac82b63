using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>
/// A fault in every action of every schedule: one exception that names it, nothing left behind, weights that are those of the updates that ran, and a next
/// step whose numbers are bit for bit those of a pipeline that never failed.
/// </summary>
public sealed class FaultInjectionTests
{
    private static readonly FaultKind[] InForward =
        [FaultKind.Throw, FaultKind.OutOfMemory, FaultKind.Native, FaultKind.NativeOutOfMemory, FaultKind.HandOver];

    /// <summary>All that train; those without a flush can't without optimizers of their own.</summary>
    public static TheoryData<string, bool> Schedules()
    {
        var data = new TheoryData<string, bool>();
        foreach (var schedule in FlushSchedules.All) data.Add(schedule.Name, false);
        foreach (var schedule in FlushSchedules.Others) data.Add(schedule.Name, true);
        return data;
    }

    public static TheoryData<string> SchedulesWithFlush() => [.. FlushSchedules.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void A_fault_in_any_action_names_it_leaves_nothing_behind_and_no_trace_in_the_next_step(string name, bool optimizers)
    {
        using var run = new FaultyRun(name, optimizers);
        var injected = new HashSet<ActionKind>();
        foreach (var (stage, microBatch) in run.Places)
        {
            // A kind per place: over all places and schedules every kind comes everywhere.
            var forward = InForward[(stage + microBatch + name.Length) % InForward.Length];
            foreach (var kind in new[] { forward, FaultKind.Backward, FaultKind.WeightGradient, FaultKind.Update })
            {
                var fault = new Fault(kind, stage, microBatch);
                if (fault.ActionIn(run.Program) is not { } action || (kind == FaultKind.Update && !optimizers)) continue;
                injected.Add(action.Kind);
                run.AssertNames(fault, action, run.Fail(fault));
                run.AssertWeightsAreThoseOfTheUpdatesThatRan();
                run.AssertNextStepIsAsEver();
            }
        }

        Assert.Equal(run.Program.Workers.SelectMany(worker => worker).Select(action => action.Kind).Distinct().Order(), injected.Order());
    }

    [Theory]
    [MemberData(nameof(SchedulesWithFlush))]
    public void An_optimizer_that_fails_after_the_flush_is_named_and_keeps_those_of_other_workers_from_nothing(string name)
    {
        using var run = new FaultyRun(name, optimizers: true);
        var injected = 0;
        foreach (var (stage, microBatch) in run.Places)
        {
            var fault = new Fault(FaultKind.Update, stage, microBatch);
            if (fault.ActionIn(run.Program) is not { } action) continue;
            injected++;
            run.AssertNames(fault, action, run.Fail(fault));
            run.AssertWeightsAreThoseOfTheUpdatesThatRan();
            run.AssertNextStepIsAsEver();
        }

        Assert.Equal(run.Program.Shape.Workers, injected);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Cancelling_in_any_action_leaves_nothing_behind_and_no_trace_in_the_next_step(string name, bool optimizers)
    {
        using var run = new FaultyRun(name, optimizers);
        foreach (var (stage, microBatch) in run.Places)
        {
            using var cancellation = new CancellationTokenSource();
            var kind = (stage + microBatch) % 2 == 0 ? FaultKind.CancelInForward : FaultKind.CancelInBackward;
            var failure = run.Fail(new Fault(kind, stage, microBatch) { Cancellation = cancellation });
            Assert.Equal(cancellation.Token, Assert.IsType<OperationCanceledException>(failure).CancellationToken);
            run.AssertWeightsAreThoseOfTheUpdatesThatRan();
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
}
