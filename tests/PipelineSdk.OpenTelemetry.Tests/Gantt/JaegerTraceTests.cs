using System.Text.Json;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class JaegerTraceTests
{
    private static readonly StepTimeline Step = Simulate(
        PipelineSchedule.OneForwardOneBackward, workers: 3, microBatches: 5, latency: 0.25, step: 7, startedAt: Epoch.AddTicks(3));

    [Fact]
    public void A_step_is_a_trace_with_a_service_and_a_lane_per_worker()
    {
        var trace = Assert.Single(JaegerFile.Of([Step]).Traces);

        Assert.Equal("step 7", trace.Step.Name);
        Assert.Equal(
            [("worker 0, stage 0: layer0", "Net worker 0"), ("worker 1, stage 1: layer1", "Net worker 1"), ("worker 2, stage 2: layer2", "Net worker 2")],
            trace.Lanes.Select(lane => (lane.Name, trace.Services[lane.Process])));
        Assert.Equal("Net", trace.Services[trace.Step.Process]);
    }

    [Fact]
    public void Every_action_is_once_in_its_workers_lane_and_in_its_order()
    {
        var trace = JaegerFile.Of([Step]).Traces[0];

        Assert.All(trace.Lanes, lane =>
        {
            var worker = (int)(long)lane.Tags[PipelineAttributes.WorkerIndex];
            var actions = trace.Actions.Where(action => action.Parent == lane.Id).ToArray();
            Assert.Equal(Step.Actions.Where(action => action.Worker == worker).Select(action => action.Action.ToString()), actions.Select(action => action.Name));
            Assert.All(actions, action => Assert.Equal(lane.Process, action.Process));
            Assert.All(actions, action => Assert.True(lane.Start <= action.Start && action.End <= lane.End));
            Assert.All(actions.Zip(actions.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        });
        Assert.Equal(Step.Actions.Count, trace.Actions.Count());
    }

    [Fact]
    public void Times_are_those_of_the_step_in_whole_microseconds_since_1970()
    {
        var trace = JaegerFile.Of([Step]).Traces[0];

        Assert.Equal(
            Step.Actions.Select(action => (Microseconds(action.Start), Microseconds(action.End))),
            trace.Actions.Select(action => (action.Start, action.End)));
        Assert.Equal((Microseconds(TimeSpan.Zero), Microseconds(Step.Duration)), (trace.Step.Start, trace.Step.End));

        static long Microseconds(TimeSpan time) => (Step.StartedAt + time).ToUnixTimeMilliseconds() * 1000 + (Step.StartedAt + time).Microsecond;
    }

    [Fact]
    public void An_action_is_a_child_of_its_lane_first_and_follows_from_what_sent_its_input()
    {
        var trace = JaegerFile.Of([Step]).Traces[0];

        Assert.All(trace.Actions, action =>
        {
            Assert.Equal("CHILD_OF", action.References[0].Type);
            var senders = action.References.Skip(1).Select(reference => (reference.Type, trace[reference.Span].Name));
            Assert.Equal(SenderOf(action.Name) is { } sender ? [("FOLLOWS_FROM", sender)] : [], senders);
        });
    }

    [Fact]
    public void Tags_have_the_keys_and_types_of_the_live_spans()
    {
        var action = JaegerFile.Of([Step]).Traces[0].Actions.First();

        Assert.Equal(
            new Dictionary<string, object>
            {
                [PipelineAttributes.PipelineName] = "Net",
                [PipelineAttributes.ScheduleName] = "1F1B",
                [PipelineAttributes.Step] = 7L,
                [PipelineAttributes.WorkerIndex] = 0L,
                [PipelineAttributes.Slot] = 0L,
                [PipelineAttributes.StageIndex] = 0L,
                [PipelineAttributes.StageName] = "layer0",
                [PipelineAttributes.MicroBatchIndex] = 0L,
                [PipelineAttributes.Phase] = "forward",
                [PipelineAttributes.Device] = "cpu",
                [PipelineAttributes.Timing] = "host",
                [PipelineAttributes.WaitDuration] = 0.0,
                [PipelineAttributes.HandoverSize] = 1024L,
            },
            action.Tags);
    }

    [Fact]
    public void Each_stage_has_its_own_device_and_only_CUDA_is_waited_for()
    {
        var step = Timelines.Timeline(
            [Timelines.Action(0, 0, "0F0", 0, 0, 1), Timelines.Action(1, 0, "1F0", 0, 1, 2)], workers: 2, microBatches: 1, devices: ["cpu", "cuda:0"]);
        var actions = JaegerFile.Of([step]).Traces[0].Actions;
        Assert.Equal(
            [("cpu", "host"), ("cuda:0", "synchronized")],
            actions.Select(action => ((string)action.Tags[PipelineAttributes.Device], (string)action.Tags[PipelineAttributes.Timing])));
    }

    [Fact]
    public void A_step_that_failed_shows_where_and_what_did_not_run()
    {
        var trace = JaegerFile.Of([FailedStep()]).Traces[0];

        var failed = Assert.Single(trace.Actions, action => action.Tags.ContainsKey("error"));
        Assert.Equal("1F0", failed.Name);
        Assert.All([failed, trace.Step], span =>
        {
            Assert.Equal(true, span.Tags["error"]);
            Assert.Equal("System.InvalidOperationException", span.Tags[PipelineAttributes.ErrorType]);
            var (at, fields) = Assert.Single(span.Logs);
            Assert.Equal(span.End, at);
            Assert.Equal(("exception", "System.InvalidOperationException"), (fields["event"], fields["exception.type"]));
        });
        Assert.Equal(5L, trace.Step.Tags[PipelineAttributes.ActionsNotRun]);
        Assert.Equal(["5 actions of the schedule did not run: the step was given up."], trace.Step.Warnings!);
    }

    [Fact]
    public void The_file_says_what_it_holds_and_what_it_lacks()
    {
        var metadata = JaegerFile.Of([Step, Step], dropped: 4).Metadata;

        Assert.Equal((2, 60, 4), (metadata.GetProperty("steps").GetInt32(), metadata.GetProperty("actions").GetInt32(), metadata.GetProperty("droppedSteps").GetInt32()));
        Assert.Empty(JaegerFile.Of([]).Traces);
    }

    [Fact]
    public void Steps_have_traces_of_their_own_and_the_same_ones_in_every_file()
    {
        StepTimeline[] steps = [Step, Simulate(PipelineSchedule.GPipe, 3, 5, step: 8), Simulate(PipelineSchedule.GPipe, 3, 5, step: 8, pipeline: "Other")];

        var traces = JaegerFile.Of(steps).Traces.Select(trace => trace.Id).ToArray();

        Assert.Equal(3, traces.Distinct().Count());
        Assert.Equal(traces, JaegerFile.Of(steps).Traces.Select(trace => trace.Id));
    }

    [Fact]
    public void The_file_is_as_approved()
    {
        using var stream = new MemoryStream();
        JaegerTrace.Write(stream, [Small], droppedSteps: 1);
        using var json = JsonDocument.Parse(stream.ToArray());

        Golden.AssertEqual("small.jaeger.json", JsonSerializer.Serialize(json, GoldenJson).ReplaceLineEndings("\n"));
    }

    private static string? SenderOf(string action)
    {
        var (stage, letter, microBatch) = (action[0] - '0', action[1], action[2..]);
        if (letter == 'F') return stage == 0 ? null : $"{stage - 1}F{microBatch}";
        return stage == 2 ? null : $"{stage + 1}{letter}{microBatch}";
    }
}
