using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class ScheduleCheckTests
{
    [Fact]
    public void EveryBasicScheduleRunsWithLinksOfOneMessageAtEveryShape()
    {
        foreach (var schedule in new[] { PipelineSchedule.GPipe, PipelineSchedule.OneForwardOneBackward, new ForwardOnlySchedule() })
        {
            for (int workers = 1; workers <= 8; workers++)
            {
                for (int microBatches = 1; microBatches <= 20; microBatches++)
                {
                    var proof = ScheduleCheck.Verify(schedule.Build(new(workers, workers, microBatches)), linkCapacity: 1);
                    Assert.Equal(1, proof.LinkCapacity);
                }
            }
        }
    }

    [Fact]
    public void OneForwardOneBackwardHoldsNoMoreThanItsBound()
    {
        for (int microBatches = 1; microBatches <= 9; microBatches++)
        {
            var proof = ScheduleCheck.Verify(PipelineSchedule.OneForwardOneBackward.Build(new(4, 4, microBatches)));
            Assert.Equal(Enumerable.Range(0, 4).Select(r => Math.Min(4 - r, microBatches)), proof.PeakInFlight);
        }
    }

    [Fact]
    public void AMissingActionIsNamedWithItsOwner()
    {
        var error = Refused(2, "0F0 0B0", "1F0");
        Assert.Equal(ScheduleViolation.MissingAction, error.Violation);
        Assert.Equal(new PipelineAction(1, ActionKind.Backward, 0), error.Action);
        Assert.Equal(1, error.Worker);
        Assert.Contains("1B0 is missing; worker 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HalfASplitBackwardIsAMissingAction()
    {
        Assert.Equal(new PipelineAction(0, ActionKind.WeightGradient, 0), Refused(1, "0F0 0I0").Action);
        Assert.Equal(new PipelineAction(0, ActionKind.InputGradient, 0), Refused(1, "0F0 0W0").Action);
    }

    [Fact]
    public void AnActionTwiceIsRefused()
    {
        var error = Refused(1, "0F0 0B0 0F0");
        Assert.Equal(ScheduleViolation.DuplicateAction, error.Violation);
        Assert.Equal(2, error.Slot);
        Assert.Contains("[0F0]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWholeBackwardBesidesASplitOneIsRefused()
    {
        Assert.Equal(ScheduleViolation.DuplicateAction, Refused(1, "0F0 0B0 0I0 0W0").Violation);
        Assert.Equal(ScheduleViolation.DuplicateAction, Refused(1, "0F0 0B0 0W0").Violation);
    }

    [Fact]
    public void AnActionOnAWorkerThatDoesNotOwnItsStageIsRefused()
    {
        var error = Refused(2, "0F0 1F0 0B0", "1B0");
        Assert.Equal(ScheduleViolation.WrongWorker, error.Violation);
        Assert.Equal((0, 1), (error.Worker, error.Slot));
    }

    [Fact]
    public void AnActionOutsideTheShapeIsRefused()
    {
        Assert.Equal(ScheduleViolation.UnknownAction, Refused(1, "0F0 0F1 0B0").Violation);
        Assert.Equal(ScheduleViolation.UnknownAction, Refused(1, "0F0 1F0 0B0").Violation);
    }

    [Fact]
    public void ABackwardBeforeItsForwardIsRefusedWithBothMarked()
    {
        var error = Refused(1, "0B0 0F0");
        Assert.Equal(ScheduleViolation.DependencyOrder, error.Violation);
        Assert.Contains("[0B0]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0F0]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AWeightGradientBeforeItsInputGradientIsRefused() =>
        Assert.Equal(ScheduleViolation.DependencyOrder, Refused(1, "0F0 0W0 0I0").Violation);

    [Fact]
    public void ALinkThatWouldHaveToOvertakeIsRefused()
    {
        var error = Refused(2, "0F0 0F1 0B0 0B1", "1F1 1F0 1B0 1B1");
        Assert.Equal(ScheduleViolation.LinkOrder, error.Violation);
        Assert.Equal(new PipelineAction(1, ActionKind.Forward, 1), error.Action);
    }

    [Fact]
    public void ACircleOfWaitingWorkersIsShownWhole()
    {
        var error = Refused(2, "0F0 0B0 0F1 0B1", "1F0 1F1 1B0 1B1");
        Assert.Equal(ScheduleViolation.Deadlock, error.Violation);
        Assert.Contains("worker 0 waits before 0B0 for 1B0", error.Message, StringComparison.Ordinal);
        Assert.Contains("worker 1 waits before 1F1 for 0F1", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0B0]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[1F1]", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Stage 0 sends three activations before worker 1, which waits for the gradient of stage 2, takes the
    /// second.</summary>
    [Fact]
    public void TheSmallestLinkCapacityIsFoundAndASmallerOneRefused()
    {
        var program = Program(
            [0, 1, 0],
            "0F0 0F1 0F2 0F3 2F0 2B0 2F1 2B1 2F2 2B2 2F3 2B3 0B0 0B1 0B2 0B3",
            "1F0 1B0 1F1 1B1 1F2 1B2 1F3 1B3");
        var proof = ScheduleCheck.Verify(program);
        Assert.Equal(3, proof.LinkCapacity);
        Assert.Equal(3, ScheduleCheck.Verify(program, 3).LinkCapacity);
        var error = Assert.Throws<ScheduleException>(() => ScheduleCheck.Verify(program, 2));
        Assert.Equal(ScheduleViolation.LinkCapacity, error.Violation);
        Assert.Contains("with links of capacity 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("makes room", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALongProgramIsShownAroundTheFault()
    {
        var workers = PipelineSchedule.GPipe.Build(new(2, 2, 200)).Workers.Select(w => w.ToArray()).ToArray();
        (workers[1][300], workers[1][301]) = (workers[1][301], workers[1][300]);
        var error = Assert.Throws<ScheduleException>(() => ScheduleCheck.Verify(new("swapped", new(2, 2, 200), [0, 1], workers)));
        Assert.Equal(ScheduleViolation.LinkOrder, error.Violation);
        Assert.Contains("...", error.Message, StringComparison.Ordinal);
        Assert.Contains("[0B", error.Message, StringComparison.Ordinal);
        Assert.All(error.Message.Split('\n'), line => Assert.True(line.Length < 220, line));
    }

    [Fact]
    public void APlacementThatDoesNotFitTheShapeIsRefused()
    {
        Assert.Equal(ScheduleViolation.WrongShape, RefusedProgram(Program([0, 7], "0F0 0B0", "1F0 1B0")).Violation);
        Assert.Equal(ScheduleViolation.WrongShape, RefusedProgram(new("x", new(1, 2, 1), [0], [[new(0, ActionKind.Forward, 0)]])).Violation);
        Assert.Equal(ScheduleViolation.WrongShape, RefusedProgram(new("x", new(2, 2, 1), [0, 1], [[]])).Violation);
    }

    private static ScheduleException Refused(int workers, params string[] programs) =>
        RefusedProgram(Program([.. Enumerable.Range(0, workers)], programs));

    private static ScheduleException RefusedProgram(ScheduleProgram program)
    {
        var (proof, error) = ScheduleCheck.TryVerify(program);
        Assert.Null(proof);
        return Assert.IsType<ScheduleException>(error);
    }

    private static ScheduleProgram Program(int[] owners, params string[] programs)
    {
        var workers = programs.Select(program => program.Split(' ').Select(Action).ToArray()).ToArray();
        int microBatches = owners.Length == 1 || !programs[0].Contains("F1", StringComparison.Ordinal) ? 1 : workers.Max(w => w.Max(a => a.MicroBatch)) + 1;
        return new("test", new(programs.Length, owners.Length, microBatches), owners, workers);
    }

    private static PipelineAction Action(string text) => new(
        text[0] - '0',
        text[1] switch
        {
            'F' => ActionKind.Forward,
            'B' => ActionKind.Backward,
            'I' => ActionKind.InputGradient,
            _ => ActionKind.WeightGradient,
        },
        text[2] - '0');
}
