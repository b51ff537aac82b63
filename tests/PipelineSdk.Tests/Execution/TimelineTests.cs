using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>What the runtime records is what the schedule says, with every dependency kept.</summary>
public sealed class TimelineTests : IDisposable
{
    /// <summary>Stages 1 and 2 turn around on worker 1.</summary>
    private static readonly FixedSchedule Turn = new(ScheduleText.Parse("""
        0F0 3F0 3B0 0B0
        1F0 2F0 2B0 1B0
        """, name: "Turn"));

    private readonly HandCutNet model = new();
    private readonly Tensor x = randn(8, 6);
    private readonly Tensor y = randn(8, 3);

    [Theory]
    [InlineData("GPipe", 3, 3)]
    [InlineData("1F1B", 4, 4)]
    [InlineData("Interleaved1F1B", 2, 4)]
    [InlineData("LoopedBFS", 1, 3)]
    public void Every_worker_runs_its_program_in_order(string schedule, int workers, int stages)
    {
        var rule = ScheduleCatalog.Get(schedule);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = rule, Stages = stages, Workers = workers, MicroBatches = 4 });

        var timeline = pipeline.TrainStep(x, y, nn.MSELoss()).Timeline;

        Assert.Equal(workers, timeline.Workers);
        var program = rule.Build(new ScheduleShape(workers, stages, 4));
        for (var worker = 0; worker < workers; worker++)
        {
            Assert.Equal(program.Workers[worker], timeline.Actions.Where(record => record.Worker == worker).Select(record => record.Action));
        }

        Assert.All(timeline.Actions, record => Assert.True(
            TimeSpan.Zero <= record.WaitStart && record.WaitStart <= record.Start && record.Start <= record.End && record.End <= timeline.Duration));
        var started = timeline.Actions.ToDictionary(record => record.Action, record => record.Start);
        Assert.All(timeline.Actions, record =>
        {
            if (record.Action is { Kind: ActionKind.Forward, Stage: > 0 } forward)
                Assert.True(started[forward with { Stage = forward.Stage - 1 }] < record.Start);
            if (record.Action is { Kind: ActionKind.Backward } backward && backward.Stage < stages - 1)
                Assert.True(started[backward with { Stage = backward.Stage + 1 }] < record.Start);
        });
    }

    [Fact]
    public void Bytes_are_those_of_the_tensors_handed_over()
    {
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = PipelineSchedule.GPipe, Stages = 4, MicroBatches = 4 });
        var timeline = pipeline.TrainStep(x, y, nn.MSELoss()).Timeline;
        var sent = timeline.Actions.ToDictionary(record => record.Action.ToString(), record => record.Bytes);
        Assert.Equal(2 * 8 * 4, sent["0F0"]); // one tensor under two names, 2 samples of 8 floats
        Assert.Equal(2 * 2 * 8 * 4, sent["1F0"]);
        Assert.Equal(0, sent["3F0"]);
        Assert.Equal(2 * 2 * 8 * 4, sent["2B0"]);
        Assert.Equal(0, sent["0B0"]);
    }

    [Fact]
    public void Between_stages_of_one_worker_no_bytes_are_handed_to_another()
    {
        using var pipeline = Pipeline.Create(
            model, new PipelineOptions { Schedule = Turn, Stages = 4, Workers = 2, MicroBatches = 1 });
        var sent = pipeline.TrainStep(x, y, nn.MSELoss()).Timeline.Actions.ToDictionary(record => record.Action.ToString(), record => record.Bytes);
        Assert.All(["0F0", "2F0", "3B0", "1B0"], action => Assert.NotEqual(0, sent[action]));
        Assert.All(["1F0", "2B0"], action => Assert.Equal(0, sent[action]));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Spans_are_children_of_the_step_and_link_to_the_span_that_sent_their_input(bool turn)
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                lock (spans) spans.Add(activity);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var pipeline = Pipeline.Create(model, turn
            ? new PipelineOptions { Schedule = Turn, Stages = 4, Workers = 2, MicroBatches = 1 }
            : new PipelineOptions { Stages = 3, MicroBatches = 2 });
        pipeline.TrainStep(x, y, nn.MSELoss());

        var step = Assert.Single(spans, span => span.OperationName == PipelineSdkDiagnostics.StepSpan);
        var actions = spans.Where(span => span != step).ToDictionary(span =>
            $"{span.GetTagItem(PipelineAttributes.StageIndex)}{(span.OperationName == PipelineSdkDiagnostics.ForwardSpan ? 'F' : 'B')}{span.GetTagItem(PipelineAttributes.MicroBatchIndex)}");
        Assert.Equal(turn ? 4 * 2 : 3 * 2 * 2, actions.Count);
        Assert.All(actions.Values, span => Assert.EndsWith($" worker {span.GetTagItem(PipelineAttributes.WorkerIndex)}", (string)span.GetTagItem(PipelineAttributes.ThreadName)!, StringComparison.Ordinal));
        if (turn) Assert.All(actions, entry => Assert.Equal(entry.Key[0] is '0' or '3' ? 0 : 1, entry.Value.GetTagItem(PipelineAttributes.WorkerIndex)));
        Assert.All(actions.Values, span => Assert.Equal(step.SpanId, span.ParentSpanId));
        foreach (var (name, span) in actions)
        {
            var (stage, kind, microBatch) = (name[0] - '0', name[1], name[2]);
            var sender = kind == 'F' ? $"{stage - 1}F{microBatch}" : $"{stage + 1}B{microBatch}";
            if (actions.TryGetValue(sender, out var producer)) Assert.Equal(producer.SpanId, Assert.Single(span.Links).Context.SpanId);
            else Assert.Empty(span.Links);
        }
    }

    public void Dispose()
    {
        model.Dispose();
        x.Dispose();
        y.Dispose();
    }
}
