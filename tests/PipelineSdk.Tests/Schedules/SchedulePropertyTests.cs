using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class SchedulePropertyTests
{
    [Fact]
    public void TheSimulatorAgreesWithAnObviousExecutor() => ForAll(
        from program in ScheduleGenerators.Programs(8)
        from costs in ScheduleGenerators.Costs(program.Shape.Stages)
        select (program, costs),
        input =>
        {
            var (program, costs) = input;
            var simulation = ScheduleSimulator.Run(program, costs);
            var expected = new ReferenceExecutor(program, a => costs.Stages[a.Stage].Of(a.Kind), costs.LinkLatency, costs.LinkCapacity).Run()!;
            Assert.Equal(expected, simulation.Workers.Select(actions => actions.Select(a => (a.Start, a.End)).ToArray()).ToArray());
        });

    [Fact]
    public void TheSmallestLinkCapacityIsTheSmallestOneTheObviousExecutorGetsThroughWith() => ForAll(
        ScheduleGenerators.Programs(8),
        program =>
        {
            int capacity = ScheduleCheck.Verify(program).LinkCapacity;
            Assert.NotNull(new ReferenceExecutor(program, _ => 1, capacity: capacity).Run());
            if (capacity > 1)
            {
                Assert.Null(new ReferenceExecutor(program, _ => 1, capacity: capacity - 1).Run());
                Assert.Throws<ScheduleException>(() => ScheduleCheck.Verify(program, capacity - 1));
            }
        });

    [Fact]
    public void ADamagedProgramIsRefusedExactlyWhereItCannotBeRun() => ForAll(
        from program in ScheduleGenerators.Programs(6)
        from damaged in ScheduleGenerators.Damaged(program)
        select damaged,
        program =>
        {
            var (proof, error) = ScheduleCheck.TryVerify(program);
            if (error?.Violation == ScheduleViolation.WeightVersion)
            {
                return;
            }

            bool complete = IsComplete(program);
            bool runs = complete && new ReferenceExecutor(program, _ => 1).Run() is not null;
            Assert.Equal(runs, proof is not null);
            Assert.Equal(runs, error is null);
            if (error is not null)
            {
                Assert.Contains(program.ScheduleName, error.Message, StringComparison.Ordinal);
                Assert.Contains("worker  0 |", error.Message, StringComparison.Ordinal);
            }
        });

    [Fact]
    public void NoSimulationBeatsItsBounds() => ForAll(
        from program in ScheduleGenerators.Programs()
        from costs in ScheduleGenerators.Costs(program.Shape.Stages)
        select (program, costs),
        input =>
        {
            var (program, costs) = input;
            var simulation = ScheduleSimulator.Run(program, costs);
            double through = costs.Stages.Sum(stage => stage.Forward);
            Assert.True(simulation.Makespan >= simulation.Busy.Max());
            Assert.True(simulation.Makespan >= through);
            Assert.All(simulation.FlushBubble.Zip(simulation.SpanBubble), bubble => Assert.True(bubble.First >= bubble.Second && bubble.Second >= 0));
            Assert.InRange(simulation.FlushBubbleFraction, 0, 1);
            Assert.Equal(
                program.Workers.Sum(actions => actions.Sum(action => costs.Stages[action.Stage].Of(action.Kind))), simulation.Busy.Sum(), 1e-9);
        });

    private static bool IsComplete(ScheduleProgram program)
    {
        var all = program.Workers.SelectMany(actions => actions).Select(action => (action.Stage, action.Kind, action.MicroBatch)).ToList();
        var set = all.ToHashSet();
        bool forwardOnly = all.All(action => action.Kind == ActionKind.Forward);
        return set.Count == all.Count && Enumerable.Range(0, program.Shape.Stages).All(stage => Enumerable.Range(0, program.Shape.MicroBatches).All(mb =>
        {
            bool whole = set.Contains((stage, ActionKind.Backward, mb));
            bool input = set.Contains((stage, ActionKind.InputGradient, mb));
            bool weight = set.Contains((stage, ActionKind.WeightGradient, mb));
            return set.Contains((stage, ActionKind.Forward, mb))
                && (forwardOnly || (whole && !input && !weight) || (!whole && input && weight));
        }));
    }

    private static void ForAll<T>(Gen<T> generator, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(generator.ToArbitrary(), property));
}
