using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Schedules;
using Xunit;
using Replay = PipelineSdk.Diagnostics.Replay;

namespace PipelineSdk.Tests.Diagnostics;

/// <summary>Whatever ran and however it was held up: the parts of an explanation are the whole.</summary>
public sealed class ExplainPropertyTests
{
    /// <summary>Any program, unequal stages, and delays of every kind at random actions.</summary>
    private static readonly Gen<(ScheduleProgram Program, StepTimeline Step)> Steps =
        from split in ScheduleGenerators.Programs(6)
        from program in Gen.Elements(split, WholeBackwards.Of(split))
        from stages in Gen.Choose(0, 40).ArrayOf(5 * program.Shape.Stages)
        from seed in Gen.Choose(0, int.MaxValue)
        from frequency in Gen.Elements(0, 10, 2, 1)
        select (program, Delayed(program, action => stages[(5 * action.Stage) + (int)action.Kind], seed, frequency));

    [Fact]
    public void The_parts_add_up_to_the_step_to_the_tick() => Holds(step =>
    {
        var explanation = step.Explain();

        Assert.Equal(step.Duration, explanation.Ideal + explanation.Lost.Total);
        Assert.Equal(explanation.Lost.Total, explanation.Lost.Parts.Aggregate(TimeSpan.Zero, (sum, part) => sum + part.Value));
        Assert.Equal(explanation.Bound, explanation.Ideal + explanation.Lost.ScheduleBubble + explanation.Lost.Imbalance);
        Assert.True(explanation.Lost.ScheduleBubble >= TimeSpan.Zero && explanation.Lost.HandOver >= TimeSpan.Zero && explanation.Lost.Host >= TimeSpan.Zero);
        Assert.True(explanation.Lost.GarbageCollection >= TimeSpan.Zero);
    });

    [Fact]
    public void Work_and_idle_time_of_each_worker_are_the_step_without_gap_or_overlap() => Holds(step =>
    {
        foreach (var worker in step.Explain().Workers)
        {
            Assert.Equal(step.Duration, worker.Work + worker.Idle.Total);
            var work = step.Actions.Where(record => record.Worker == worker.Worker).Select(record => (record.Start, End: record.WorkEnd));
            var at = TimeSpan.Zero;
            foreach (var (start, end) in work.Concat(worker.Periods.Select(period => (period.Start, period.End))).OrderBy(time => time).ThenBy(time => time.End))
            {
                Assert.Equal(at, start);
                at = end;
            }

            Assert.Equal(step.Duration, at);
            Assert.All(worker.Periods, period =>
            {
                Assert.Equal(period.End - period.Start, period.Time.Total);
                Assert.All(period.Time.Shares, share => Assert.True(share.Value >= TimeSpan.Zero, $"{share.Key} {share.Value.Ticks}"));
            });
        }
    });

    [Fact]
    public void Run_again_with_what_was_recorded_the_step_is_itself() => Holds(step =>
    {
        var graph = new TimelineGraph(step);
        var run = Replay.Run(graph, id => graph.Records[id].Work.Ticks, id => Replay.Delays.Of(graph, id));

        Assert.Equal(graph.Records.Select(record => (double)record.Start.Ticks), run.Start);
        Assert.Equal(step.Actions.Max(record => record.End).Ticks, run.Makespan);
    });

    [Fact]
    public void The_bound_is_what_the_simulator_finds_for_typical_costs() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(
        Steps.ToArbitrary(),
        input =>
        {
            var explanation = input.Step.Explain();
            var updates = input.Step.Actions.Where(record => record.Action.Kind == ActionKind.Update).ToLookup(record => record.Action.Stage, record => record.Work);
            var costs = explanation.Stages.Select(stage => new StageCosts(stage.Forward.Ticks, stage.InputGradient.Ticks, stage.WeightGradient.Ticks)
            {
                Backward = stage.Backward.Ticks,
                Update = Median([.. updates[stage.Stage].Select(time => time.Ticks)]),
            });

            var simulation = ScheduleSimulator.Run(input.Program, new ScheduleCosts([.. costs]));

            Assert.Equal(simulation.Makespan, explanation.Bound.Ticks);
            Assert.Equal(
                simulation.Workers.SelectMany(worker => worker).Select(action => (action.Action, action.Start, action.End)),
                explanation.Planned.Actions.Select(record => (record.Action, (double)record.Start.Ticks, (double)record.End.Ticks)));
        }));

    private static void Holds(Action<StepTimeline> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(Steps.ToArbitrary(), input => property(input.Step)));

    private static StepTimeline Delayed(ScheduleProgram program, Func<PipelineAction, long> work, int seed, int frequency)
    {
        var random = new Random(seed);
        return new DelayedRun(program, work)
        {
            Slower = Now(20),
            Paused = Now(10),
            Transfer = Now(7),
            HandOver = Now(15),
            Dispatch = Now(5),
            Tail = random.Next(9),
        }.Run();

        Func<PipelineAction, long> Now(int most) => _ => frequency > 0 && random.Next(frequency) == 0 ? random.Next(most) : 0;
    }

    private static long Median(long[] values)
    {
        if (values.Length == 0) return 0;
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
