using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using Xunit;
using static PipelineSdk.Schedules.ActionKind;

namespace PipelineSdk.Tests.Diagnostics;

/// <summary>A delay that is put in at a place shows up in the part that it belongs to, with its whole length, and in no other.</summary>
public sealed class ExplainTests
{
    private const long Delay = 777;

    /// <summary>The last action of the step: whatever holds it up makes the step longer.</summary>
    private static readonly PipelineAction Last = new(0, Backward, 7);

    private static readonly ScheduleProgram Program = PipelineSchedule.OneForwardOneBackward.Build(new ScheduleShape(4, 4, 8));

    private static readonly LostTime Undelayed = Equal().Run().Explain().Lost;

    [Fact]
    public void Equal_stages_without_delays_lose_the_schedules_bubble_and_nothing_else()
    {
        var explanation = Equal().Run().Explain();

        Assert.Equal(8 * 3000, explanation.Ideal.Ticks);
        Assert.Equal(new LostTime(ScheduleBubble: new TimeSpan(3 * 3000), default, default, default, default, default), explanation.Lost);
        Assert.Equal(explanation.Actual, explanation.Bound);
        Assert.Equal(8.0 / 11, explanation.Efficiency, 12);
    }

    [Fact]
    public void A_slow_stage_is_imbalance_and_is_named()
    {
        var explanation = new DelayedRun(Program, action => action.Stage == 2 ? 2 * Cost(action) : Cost(action)).Run().Explain();

        // The others wait for it: eight times three thousand more than its share, and its way through the pipeline.
        var slow = Simulate([1, 1, 2, 1]);
        var equal = Simulate([1.25, 1.25, 1.25, 1.25]);
        Assert.Equal(slow - equal, explanation.Lost.Imbalance.Ticks);
        Assert.Equal(0, (explanation.Lost with { ScheduleBubble = default, Imbalance = default }).Total.Ticks);
        Assert.Equal((2, "layer2", 2, 6000), Stage(explanation.SlowestStage!));
        Assert.All([0, 1, 3], worker => Assert.True(explanation.Workers[worker].Idle.Imbalance > TimeSpan.Zero));
        Assert.Equal(0, explanation.Workers[2].Idle.Imbalance.Ticks);

        static double Simulate(double[] factors) =>
            ScheduleSimulator.Run(Program, new ScheduleCosts([.. factors.Select(factor => new StageCosts(1000 * factor, 2000 * factor, 0))])).Makespan;
        static (int, string, int, long) Stage(StageTime stage) => (stage.Stage, stage.Name, stage.Worker, stage.PerMicroBatch.Ticks);
    }

    [Fact]
    public void A_slower_stage_is_imbalance_also_where_its_backwards_alone_are_whole()
    {
        // The first stage runs B in 7000, the second I and W in 3000 and 1000: as 5500 each, 4125 of it the input's, they would be equal.
        var program = WholeBackwards.Of(PipelineSchedule.ZeroBubbleH1.Build(new ScheduleShape(2, 2, 8)));
        var explanation = new DelayedRun(program, action => action.Kind switch { ActionKind.Backward => 7000, ActionKind.InputGradient => 3000, _ => 1000 }).Run().Explain();

        var slow = ScheduleSimulator.Run(program, new ScheduleCosts([new StageCosts(1000, 3500, 3500), new StageCosts(1000, 3000, 1000)])).Makespan;
        var equal = ScheduleSimulator.Run(program, ScheduleCosts.Equal(2, new StageCosts(1000, 4125, 1375))).Makespan;
        Assert.Equal(slow - equal, explanation.Lost.Imbalance.Ticks);
        Assert.Equal(["16 micro-batches", "32 micro-batches", "equal stages"], explanation.Prospects.Select(prospect => prospect.Change));
    }

    [Fact]
    public void A_slow_action_is_variation() =>
        AssertOnly(new DelayedRun(Program, Cost) { Slower = At(Last) }, Undelayed with { Variation = new TimeSpan(Delay) });

    [Fact]
    public void A_slow_action_makes_others_wait_by_variation()
    {
        var explanation = new DelayedRun(Program, Cost) { Slower = At(new(3, Backward, 4)) }.Run().Explain();

        Assert.Equal(Delay, explanation.Lost.Variation.Ticks);
        Assert.All([0, 1, 2], worker => Assert.Equal(Delay, explanation.Workers[worker].Idle.Variation.Ticks));
    }

    [Fact]
    public void A_delay_that_hides_behind_others_work_costs_nothing() =>
        AssertOnly(new DelayedRun(Program, Cost) { Slower = At(new(3, Backward, 7)), Transfer = At(Last) }, Undelayed with { Variation = new TimeSpan(Delay), HandOver = new TimeSpan(Delay) });

    [Fact]
    public void A_pause_in_a_slow_action_is_garbage_collection_as_far_as_it_made_it_slower()
    {
        AssertOnly(new DelayedRun(Program, Cost) { Slower = At(Last), Paused = At(Last) }, Undelayed with { GarbageCollection = new TimeSpan(Delay) });
        AssertOnly(
            new DelayedRun(Program, Cost) { Slower = At(Last), Paused = action => At(Last)(action) - 100 * (action == Last ? 1 : 0) },
            Undelayed with { GarbageCollection = new TimeSpan(Delay - 100), Variation = new TimeSpan(100) });
        AssertOnly(new DelayedRun(Program, Cost) { Paused = At(Last) }, Undelayed);
    }

    [Fact]
    public void A_late_input_is_hand_over()
    {
        var explanation = new DelayedRun(Program, Cost) { Transfer = At(Last) }.Run().Explain();
        Assert.Equal(Undelayed with { HandOver = new TimeSpan(Delay) }, explanation.Lost);
        Assert.Equal(Delay, explanation.Workers[0].Idle.Transfer.Ticks);
    }

    [Fact]
    public void A_link_without_room_is_hand_over_and_the_sender_idle_by_it()
    {
        var explanation = new DelayedRun(Program, Cost) { HandOver = At(Last) }.Run().Explain();
        Assert.Equal(Undelayed with { HandOver = new TimeSpan(Delay) }, explanation.Lost);
        Assert.Equal(Delay, explanation.Workers[0].Idle.LinkFull.Ticks);
        Assert.Equal(IdleReason.LinkFull, explanation.Workers[0].Periods[^1].Reason);
    }

    [Fact]
    public void A_pause_before_an_action_is_the_hosts()
    {
        // The last worker runs without a pause from its first action on.
        var explanation = new DelayedRun(Program, Cost) { Dispatch = At(new(3, Backward, 7)) }.Run().Explain();
        Assert.Equal(Undelayed with { Host = new TimeSpan(Delay) }, explanation.Lost);
        Assert.All(explanation.Workers, worker => Assert.Equal(Delay, worker.Idle.Host.Ticks));
    }

    [Fact]
    public void A_late_start_and_a_late_end_are_the_hosts()
    {
        AssertOnly(new DelayedRun(Program, Cost) { Dispatch = action => action is { Kind: Forward, MicroBatch: 0 } ? Delay : 0 }, Undelayed with { Host = new TimeSpan(Delay) });
        var late = new DelayedRun(Program, Cost) { Tail = Delay }.Run().Explain();
        Assert.Equal(Undelayed with { Host = new TimeSpan(Delay) }, late.Lost);
        Assert.All(late.Workers, worker => Assert.Equal(Delay, worker.Idle.Host.Ticks));
    }

    [Fact]
    public void Idle_times_have_the_simulators_reasons_where_only_they_occur()
    {
        Func<PipelineAction, long> cost = action => (action.Stage + 1) * Cost(action);
        var explanation = new DelayedRun(Program, cost).Run().Explain();
        var simulated = ScheduleSimulator.Run(
            Program, new ScheduleCosts([.. Enumerable.Range(1, 4).Select(factor => new StageCosts(1000 * factor, 2000 * factor, 0))])).IdleTime;

        for (var worker = 0; worker < 4; worker++)
        {
            var (measured, expected) = (explanation.Workers[worker].Idle, simulated[worker]);
            Assert.Equal(
                (expected.Fill, expected.Drain, expected.Dependency, expected.Imbalance),
                (measured.Fill.Ticks, measured.Drain.Ticks, measured.Dependency.Ticks, (double)measured.Imbalance.Ticks));
            Assert.Equal(TimeSpan.Zero, measured.Variation + measured.Transfer + measured.LinkFull + measured.Host);
        }
    }

    [Fact]
    public void More_micro_batches_and_equal_stages_bring_what_the_closed_form_says()
    {
        var explanation = Equal().Run().Explain();

        // m / (m + p - 1): 8/11, 16/19, 32/35.
        Assert.Equal(["16 micro-batches", "32 micro-batches", "equal stages"], explanation.Prospects.Select(prospect => prospect.Change));
        Assert.Equal(16.0 / 19 / (8.0 / 11), explanation.Prospects[0].SpeedUp, 9);
        Assert.Equal(32.0 / 35 / (8.0 / 11), explanation.Prospects[1].SpeedUp, 9);
        Assert.Equal(1, explanation.Prospects[2].SpeedUp, 9);

        // What else is lost stays: with as much again lost to the host, the bubble matters half as much.
        var slow = new DelayedRun(Program, Cost) { Tail = 33_000 }.Run().Explain();
        Assert.Equal(2 * 66_000.0 / (57_000 + 66_000), slow.Prospects[0].SpeedUp, 9);
    }

    [Fact]
    public void A_schedule_that_is_known_only_by_its_programs_has_no_more_micro_batches_to_offer()
    {
        var fixedProgram = new ScheduleProgram("of its own", Program.Shape, [0, 1, 2, 3], Program.Workers);
        Assert.Equal(["equal stages"], new DelayedRun(fixedProgram, Cost).Run().Explain().Prospects.Select(prospect => prospect.Change));
    }

    [Fact]
    public void A_step_without_actions_is_the_hosts()
    {
        var step = Timeline([]);
        var explanation = step.Explain();
        Assert.Equal(new LostTime { Host = step.Duration }, explanation.Lost);
        Assert.Null(explanation.SlowestStage);
        Assert.Empty(explanation.Prospects);
        Assert.NotEmpty(explanation.ToString());
    }

    [Fact]
    public void Workers_that_wait_for_each_other_in_a_circle_are_refused_with_the_place()
    {
        var step = Timeline([Record(0, 0, new(0, Backward, 0)), Record(0, 1, new(0, Forward, 0)), Record(1, 0, new(1, Forward, 0)), Record(1, 1, new(1, Backward, 0))]);
        var error = Assert.Throws<InvalidOperationException>(step.Explain);
        Assert.Contains("worker 0 before 0B0", error.Message, StringComparison.Ordinal);

        static ActionRecord Record(int worker, int slot, PipelineAction action) =>
            new(worker, slot, action, new TimeSpan(10 * slot), new TimeSpan(10 * slot), new TimeSpan((10 * slot) + 10), 0);
    }

    [Fact]
    public void As_text_it_reads()
    {
        var text = new DelayedRun(Program, action => action.Stage == 2 ? 2 * Cost(action) : Cost(action)) { Slower = At(Last), Tail = 5 }.Run().Explain().ToString();
        Assert.Equal(
            """
            Net, step 3 (train): 1F1B, 4 workers, 4 stages, 8 micro-batches
                ideal                   3.000 ms   53.8 %   all work, divided by the workers
              + schedule bubble         1.125 ms   20.2 %   the schedule's order, with equal stages
              + imbalance               1.375 ms   24.6 %   stages take different times
            """.ReplaceLineEndings("\n"),
            string.Join('\n', text.Split('\n')[..4]));
        foreach (var part in (string[])["slowest stage: 2 (layer2), 0.600 ms", "1.60x the mean", "worker 2: ", "16 micro-batches 1.", "bound of the schedule"])
            Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private static DelayedRun Equal() => new(Program, Cost);

    private static long Cost(PipelineAction action) => action.Kind == Forward ? 1000 : 2000;

    private static Func<PipelineAction, long> At(PipelineAction place) => action => action == place ? Delay : 0;

    private static void AssertOnly(DelayedRun run, LostTime expected) => Assert.Equal(expected, run.Run().Explain().Lost);

    private static StepTimeline Timeline(ActionRecord[] actions) => new()
    {
        Pipeline = "Net",
        Step = 0,
        Schedule = "by hand",
        Mode = "train",
        Workers = 2,
        MicroBatches = 1,
        StageNames = ["a", "b"],
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = new TimeSpan(100),
        Actions = actions,
    };
}
