using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class PerfettoTraceTests
{
    private static readonly StepTimeline[] Run =
    [
        .. Enumerable.Range(0, 3).Select(step => Simulate(
            PipelineSchedule.OneForwardOneBackward, workers: 3, microBatches: 5, latency: 0.25, step: step, startedAt: Epoch.AddMilliseconds(100 * step))),
    ];

    [Fact]
    public void Every_action_is_there_once_with_its_times_and_attributes()
    {
        var file = PerfettoFile.Of(Run);

        var expected = Run.SelectMany(step => step.Actions.Select(action => (
            action.Action.ToString(), action.Worker + 1, Microseconds(step.StartedAt - Epoch + action.Start), Microseconds(action.End - action.Start),
            step.Step, action.Action.Stage, $"layer{action.Action.Stage}", action.Action.MicroBatch, action.Slot, action.Bytes)));
        Assert.Equal(expected, file.Actions.Select(bar => (
            bar.Name, bar.Lane, bar.Start, bar.Duration,
            bar.Arguments.GetProperty("step").GetInt64(), bar.Arguments.GetProperty("stage").GetInt32(),
            bar.Arguments.GetProperty("stageName").GetString()!, bar.Arguments.GetProperty("microBatch").GetInt32(),
            bar.Arguments.GetProperty("slot").GetInt32(), bar.Arguments.GetProperty("bytes").GetInt64())));
    }

    [Fact]
    public void Busy_and_waiting_time_per_lane_equal_the_models()
    {
        var file = PerfettoFile.Of(Run);
        var workers = Run.SelectMany(step => TimelineSummary.Of(step).Workers).ToLookup(worker => worker.Worker);

        Assert.All(Enumerable.Range(0, 3), worker =>
        {
            Assert.Equal(workers[worker].Sum(one => Microseconds(one.Busy)), file.Actions.Where(bar => bar.Lane == worker + 1).Sum(bar => bar.Duration));
            Assert.Equal(
                workers[worker].Sum(one => Microseconds(one.Wait)),
                file.Bars.Where(bar => bar.Category == "wait" && bar.Lane == worker + 1).Sum(bar => bar.Duration));
        });
    }

    [Fact]
    public void Bars_of_a_lane_do_not_overlap() => AssertNoOverlap(PerfettoFile.Of(Run));

    [Fact]
    public void Bars_do_not_overlap_when_the_wall_clock_was_set_back_between_steps()
    {
        var file = PerfettoFile.Of([Run[0], Simulate(PipelineSchedule.GPipe, 3, 5, step: 1, startedAt: Epoch.AddHours(-1))]);

        AssertNoOverlap(file);
        Assert.Equal(2 * 30, file.Actions.Count());
    }

    [Fact]
    public void A_flow_leads_each_micro_batch_through_the_stages_and_back()
    {
        var file = PerfettoFile.Of(Run);
        var flows = file.Events.Where(one => one.Phase is "s" or "t" or "f").GroupBy(one => one.Id).ToArray();

        Assert.Equal(3 * 5, flows.Length);
        Assert.All(flows, flow =>
        {
            var hops = flow.ToArray();
            Assert.Equal(["s", "t", "t", "t", "t", "f"], hops.Select(hop => hop.Phase));
            var bars = hops.Select(hop => Assert.Single(file.Actions, bar => bar.Lane == hop.Lane && bar.Start < hop.Start && hop.Start < bar.End)).ToArray();
            var microBatch = bars[0].Arguments.GetProperty("microBatch").GetInt32();
            string[] way = ["0F", "1F", "2F", "2B", "1B", "0B"];
            Assert.Equal(way.Select(hop => hop + microBatch), bars.Select(bar => bar.Name));
        });
    }

    [Fact]
    public void Counters_follow_the_activations_in_flight()
    {
        var counters = PerfettoFile.Of(Run[..1]).Events.Where(one => one.Phase == "C").ToArray();

        Assert.All(Enumerable.Range(0, 3), worker => Assert.Equal(
            Run[0].InFlightOf(worker).Select(sample => (Microseconds(sample.At), sample.Count)),
            counters.Where(one => one.Name == $"in flight, worker {worker}")
                .Select(one => (one.Start, one.Arguments.GetProperty("activations").GetInt32()))));
    }

    [Fact]
    public void Lanes_and_processes_are_named_once_each()
    {
        var other = Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 2, pipeline: "Other");
        var names = PerfettoFile.Of([Run[0], other, Run[1]]).Events.Where(one => one.Name is "process_name" or "thread_name")
            .Select(one => (one.Process, one.Name == "process_name" ? 0 : one.Lane, one.Arguments.GetProperty("name").GetString()!));

        Assert.Equal(
            [
                (1, 0, "Net"), (1, PerfettoRun.StepsLane, "steps"), (1, 1, "worker 0"), (1, 2, "worker 1"), (1, 3, "worker 2"),
                (2, 0, "Other"), (2, PerfettoRun.StepsLane, "steps"), (2, 1, "worker 0"), (2, 2, "worker 1"),
            ],
            names);
    }

    [Fact]
    public void The_file_says_what_it_holds_and_what_it_lacks()
    {
        var metadata = PerfettoFile.Of([.. Run, Simulate(PipelineSchedule.GPipe, 2, 2, pipeline: "Other")], dropped: 4).Metadata;

        Assert.Equal("1F1B, GPipe", metadata.GetProperty("schedules").GetString());
        Assert.Equal(4, metadata.GetProperty("steps").GetInt64());
        Assert.Equal((3 * 30) + 8, metadata.GetProperty("actions").GetInt64());
        Assert.Equal(4, metadata.GetProperty("droppedSteps").GetInt64());
        Assert.Equal("2026-01-02T03:04:05.0000000Z", metadata.GetProperty("startedAt").GetString());
    }

    [Fact]
    public void An_empty_run_is_a_valid_file() => Assert.Empty(PerfettoFile.Of([]).Events);

    [Fact]
    public void Names_that_no_file_can_carry_are_cleaned()
    {
        var file = PerfettoFile.Of([Timeline([Action(0, 0, "0F0", 0, 0, 1)], 1, 1, pipeline: "a\uD800b\u0001", stageNames: ["\"<&>\""])]);

        Assert.Equal("a\uFFFDb\uFFFD", file.Events[0].Arguments.GetProperty("name").GetString());
        Assert.Equal("\"<&>\"", file.Actions.Single().Arguments.GetProperty("stageName").GetString());
    }

    [Fact]
    public void Steps_are_written_as_they_come()
    {
        using var stream = new MemoryStream();
        var longest = 0L;

        PerfettoTrace.Write(stream, Steps());

        Assert.True(longest < 1 << 20, $"{longest} bytes were held back.");

        IEnumerable<StepTimeline> Steps()
        {
            var written = 0L;
            for (var step = 0; step < 200; step++)
            {
                yield return Run[step % 3];
                longest = Math.Max(longest, stream.Length - written);
                written = stream.Length;
            }

            Assert.True(written > 1 << 20, "The test is too small to tell.");
        }
    }

    private static void AssertNoOverlap(PerfettoFile file)
    {
        foreach (var lane in file.Bars.GroupBy(bar => (bar.Process, bar.Lane)))
        {
            var bars = lane.OrderBy(bar => bar.Start).ToArray();
            for (var next = 1; next < bars.Length; next++) Assert.True(bars[next - 1].End <= bars[next].Start, $"{bars[next - 1]} and {bars[next]}");
        }
    }

    private static decimal Microseconds(TimeSpan time) => time.Ticks / 10m;
}
