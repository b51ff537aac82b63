using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

public sealed class TimelineSummaryTests
{
    public static TheoryData<string, int, int> Shapes()
    {
        var shapes = new TheoryData<string, int, int>();
        foreach (var schedule in new[] { "GPipe", "1F1B" })
        {
            foreach (var (workers, microBatches) in new[] { (1, 1), (1, 4), (2, 4), (3, 8), (4, 8), (4, 12), (8, 16) }) shapes.Add(schedule, workers, microBatches);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Equal_stages_have_the_published_flush_bubble(string schedule, int p, int m)
    {
        var summary = TimelineSummary.Of(Simulate(ByName(schedule), p, m));

        Assert.Equal((p - 1.0) / (m + p - 1), summary.FlushBubbleFraction, precision: 9);
        Assert.Equal(Ms((m + p - 1) * 3), summary.Makespan);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Peak_in_flight_is_the_schedules_bound(string schedule, int p, int m)
    {
        var summary = TimelineSummary.Of(Simulate(ByName(schedule), p, m));

        Assert.Equal(
            Enumerable.Range(0, p).Select(worker => schedule == "GPipe" ? m : Math.Min(p - worker, m)),
            summary.Workers.Select(worker => worker.PeakInFlight));
    }

    // Worker 0: busy 2 + 4 of a span of 10; worker 1: busy 1 + 2 of a span of 6. From 1 to 11 ms.
    private static readonly ActionRecord[] TwoWorkers =
    [
        Action(0, 0, "0F0", wait: 0.5, start: 1, end: 3),
        Action(0, 1, "0B0", wait: 3, start: 7, end: 11),
        Action(1, 0, "1F0", wait: 0.5, start: 3, end: 4),
        Action(1, 1, "1B0", wait: 4, start: 7, end: 9),
    ];

    [Fact]
    public void Figures_add_up_by_hand()
    {
        var summary = TimelineSummary.Of(Timeline(TwoWorkers, workers: 2, microBatches: 1));

        Assert.Equal(Ms(10), summary.Makespan);
        Assert.Equal(
            [
                new WorkerSummary(0, 2, Busy: Ms(6), Wait: Ms(4.5), Span: Ms(10), PeakInFlight: 1),
                new WorkerSummary(1, 2, Busy: Ms(3), Wait: Ms(5.5), Span: Ms(6), PeakInFlight: 1),
            ],
            summary.Workers);
        Assert.Equal(1 - (9.0 / 20), summary.FlushBubbleFraction, precision: 12);
        Assert.Equal(1 - (9.0 / 20), summary.SpanBubbleFraction, precision: 12);
    }

    [Fact]
    public void Span_bubble_leaves_out_the_time_before_a_workers_first_and_after_its_last_action()
    {
        var summary = TimelineSummary.Of(Timeline([Action(0, 0, "0F0", 0, 0, 4), Action(1, 0, "1F0", 0, 4, 8)], workers: 2, microBatches: 1));

        Assert.Equal(0.5, summary.FlushBubbleFraction, precision: 12);
        Assert.Equal(0, summary.SpanBubbleFraction, precision: 12);
    }

    [Fact]
    public void Costs_are_means_by_stage_and_kind()
    {
        var summary = TimelineSummary.Of(Timeline([Action(0, 0, "0F0", 0, 0, 2), Action(0, 1, "0F1", 2, 2, 5), Action(0, 2, "0B0", 5, 5, 9)], 1, 2));

        Assert.Equal(
            [new MeasuredCost(0, ActionKind.Forward, 2, Ms(5)), new MeasuredCost(0, ActionKind.Backward, 1, Ms(4))], summary.Costs);
        Assert.Equal(Ms(2.5), summary.MeanCost(0, ActionKind.Forward));
        Assert.Null(summary.MeanCost(0, ActionKind.WeightGradient));
        Assert.Null(summary.MeanCost(1, ActionKind.Forward));
    }

    [Fact]
    public void A_step_without_actions_has_figures_too()
    {
        var summary = TimelineSummary.Of(Timeline([], workers: 2, microBatches: 4));

        Assert.Equal(TimeSpan.Zero, summary.Makespan);
        Assert.Equal(0, summary.FlushBubbleFraction);
        Assert.Equal(0, summary.SpanBubbleFraction);
        Assert.Equal(2, summary.Workers.Count);
    }

    [Fact]
    public void A_split_backward_holds_the_activations_until_the_weights_gradients()
    {
        var timeline = Timeline(
            [Action(0, 0, "0F0", 0, 0, 1), Action(0, 1, "0I0", 1, 1, 2), Action(0, 2, "0F1", 2, 2, 3), Action(0, 3, "0W0", 3, 3, 4), Action(0, 4, "0B1", 4, 4, 6)],
            workers: 1, microBatches: 2);

        Assert.Equal(
            [new InFlightSample(Ms(0), 1), new InFlightSample(Ms(2), 2), new InFlightSample(Ms(4), 1), new InFlightSample(Ms(6), 0)],
            timeline.InFlightOf(0));
    }

    [Fact]
    public void Without_gradients_activations_are_held_only_while_the_forward_runs()
    {
        var timeline = Timeline([Action(0, 0, "0F0", 0, 0, 1), Action(0, 1, "0F1", 1, 1, 2)], workers: 1, microBatches: 2, mode: "forward");

        Assert.Equal(1, TimelineSummary.Of(timeline).Workers[0].PeakInFlight);
        Assert.Equal(0, timeline.InFlightOf(0)[^1].Count);
    }

    private static PipelineSchedule ByName(string name) =>
        name == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward;
}
