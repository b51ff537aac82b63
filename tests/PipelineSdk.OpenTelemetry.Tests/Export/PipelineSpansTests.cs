using System.Diagnostics;
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using static TorchSharp.torch;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>What a real pipeline reports: four stages on four threads, with gradients.</summary>
[Collection(SpanTests.Name)]
public sealed class PipelineSpansTests
{
    private const int Stages = 4;

    [Theory]
    [InlineData("GPipe", 5)]
    [InlineData("1F1B", 8)]
    public void Spans_and_timeline_tell_the_same_story(string schedule, int microBatches)
    {
        var exporter = new InMemoryExporter();
        using var net = new HandCutNet();
        using var pipeline = Pipeline.Create(net, Options("Net", schedule, microBatches));
        var timelines = new List<StepTimeline>();
        using (Tracing(exporter))
        {
            for (var step = 0; step < 3; step++) timelines.Add(TrainStep(pipeline).Timeline);
        }

        Assert.Equal(3 * (1 + (2 * Stages * microBatches)), exporter.Exported.Count);
        foreach (var timeline in timelines) AssertSameStory(timeline, exporter.Exported);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void Backwards_that_run_the_forward_again_say_for_how_long()
    {
        var exporter = new InMemoryExporter();
        using var net = new HandCutNet();
        var options = Options("Net", "1F1B", 4);
        options.Recompute = ActivationRecompute.ExceptLastMicroBatch;
        using var pipeline = Pipeline.Create(net, options);
        StepTimeline timeline;
        using (Tracing(exporter)) timeline = TrainStep(pipeline).Timeline;

        AssertSameStory(timeline, exporter.Exported);
        Assert.Equal(Stages * 3, exporter.Exported.Count(span => span.GetTagItem(PipelineAttributes.RecomputeDuration) is > 0.0));
    }

    [Fact]
    public async Task Two_pipelines_at_once_do_not_mix_their_spans()
    {
        var exporter = new InMemoryExporter();
        using var first = new HandCutNet();
        using var second = new HandCutNet();
        using var one = Pipeline.Create(first, Options("one", "1F1B", 6));
        using var other = Pipeline.Create(second, Options("other", "GPipe", 4));
        StepTimeline[][] timelines;
        using (Tracing(exporter))
        {
            timelines = await Task.WhenAll(
                Task.Run(() => Enumerable.Range(0, 4).Select(_ => TrainStep(one).Timeline).ToArray()),
                Task.Run(() => Enumerable.Range(0, 4).Select(_ => TrainStep(other).Timeline).ToArray()));
        }

        Assert.Equal(4 * (1 + (2 * Stages * 6)) + 4 * (1 + (2 * Stages * 4)), exporter.Exported.Count);
        foreach (var timeline in timelines.SelectMany(each => each)) AssertSameStory(timeline, exporter.Exported);
    }

    [Fact]
    public void A_failed_stage_shows_where_it_failed_and_the_next_step_is_clean()
    {
        var exporter = new InMemoryExporter();
        using var net = new HandCutNet();
        using var pipeline = Pipeline.Create(net, Options("Net", "1F1B", 4));
        StepTimeline after;
        using (Tracing(exporter))
        {
            net.InStage2 = _ => throw new InvalidDataException("shapes differ");
            Assert.Throws<PipelineException>(() => TrainStep(pipeline));
            net.InStage2 = null;
            after = TrainStep(pipeline).Timeline;
        }

        var failed = exporter.Exported.Where(span => span.Status == ActivityStatusCode.Error).ToArray();
        Assert.Equal(
            [PipelineSdkDiagnostics.StepSpan, PipelineSdkDiagnostics.ForwardSpan], failed.Select(span => span.OperationName).OrderDescending().Reverse());
        var action = failed.Single(span => span.OperationName == PipelineSdkDiagnostics.ForwardSpan);
        Assert.Equal(2, action.GetTagItem(PipelineAttributes.StageIndex));
        Assert.Equal(0, action.GetTagItem(PipelineAttributes.MicroBatchIndex));
        AssertSameStory(after, exporter.Exported);
    }

    [Fact]
    public void Spans_that_layers_open_are_children_of_their_action()
    {
        using var layers = new ActivitySource("layers");
        var exporter = new InMemoryExporter();
        using var net = new HandCutNet();
        net.InStage2 = _ => layers.StartActivity("attention")?.Dispose();
        using var pipeline = Pipeline.Create(net, Options("Net", "1F1B", 3));
        using (Sdk.CreateTracerProviderBuilder().AddPipelineSdkInstrumentation().AddSource("layers")
            .AddProcessor(new SimpleActivityExportProcessor(exporter)).Build())
        {
            TrainStep(pipeline);
        }

        var inner = exporter.Exported.Where(span => span.OperationName == "attention").ToArray();
        Assert.Equal(3, inner.Length);
        var parents = inner.Select(span => exporter.Exported.Single(parent => parent.SpanId == span.ParentSpanId));
        Assert.All(parents, parent => Assert.Equal(
            (PipelineSdkDiagnostics.ForwardSpan, 2), (parent.OperationName, parent.GetTagItem(PipelineAttributes.StageIndex))));
    }

    [Fact]
    public void Forward_and_evaluate_are_steps_of_their_own_mode()
    {
        var exporter = new InMemoryExporter();
        using var net = new HandCutNet();
        using var pipeline = Pipeline.Create(net, Options("Net", "1F1B", 3));
        using var scope = NewDisposeScope();
        using (Tracing(exporter))
        {
            pipeline.Forward(rand(6, 6));
            pipeline.Evaluate(rand(6, 6), rand(6, 3), MeanSquaredError);
        }

        Assert.Equal(
            ["forward", "evaluate"],
            exporter.Exported.Where(span => span.OperationName == PipelineSdkDiagnostics.StepSpan).Select(span => span.GetTagItem(PipelineAttributes.Mode)));
        Assert.Equal(2 * Stages * 3, exporter.Exported.Count(span => span.OperationName == PipelineSdkDiagnostics.ForwardSpan));
    }

    [Fact]
    public void Every_step_is_measured()
    {
        var durations = new List<double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == PipelineSdkDiagnostics.StepDurationMetric) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => durations.Add(value));
        listener.Start();
        using var net = new HandCutNet();
        using var pipeline = Pipeline.Create(net, Options("Net", "1F1B", 3));

        var steps = Enumerable.Range(0, 3).Select(_ => TrainStep(pipeline).Duration.TotalSeconds).ToArray();

        Assert.Equal(steps, durations);
    }

    private static PipelineOptions Options(string name, string schedule, int microBatches) => new()
    {
        Name = name,
        Schedule = schedule == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward,
        MicroBatches = microBatches,
        IntraOpThreads = 1,
        PinThreads = false,
    };

    private static StepResult TrainStep(IPipeline<HandCutNet> pipeline)
    {
        using var scope = NewDisposeScope();
        return pipeline.TrainStep(rand(16, 6), rand(16, 3), MeanSquaredError);
    }

    private static Tensor MeanSquaredError(Tensor output, Tensor target) => nn.functional.mse_loss(output, target);

    private static TracerProvider Tracing(InMemoryExporter exporter) => Sdk.CreateTracerProviderBuilder()
        .AddPipelineSdkInstrumentation()
        .AddProcessor(new SimpleActivityExportProcessor(exporter))
        .Build();

    private static void AssertSameStory(StepTimeline timeline, IReadOnlyList<Activity> exported)
    {
        var step = Assert.Single(exported, span => span.OperationName == PipelineSdkDiagnostics.StepSpan
            && (string?)span.GetTagItem(PipelineAttributes.PipelineName) == timeline.Pipeline
            && (long)span.GetTagItem(PipelineAttributes.Step)! == timeline.Step);
        Assert.Equal((timeline.StartedAt.UtcDateTime, timeline.Duration), (step.StartTimeUtc, step.Duration));
        var spans = exported.Where(span => span.ParentSpanId == step.SpanId).ToDictionary(ActionOf);

        Assert.Equal(timeline.Actions.Count, spans.Count);
        foreach (var record in timeline.Actions)
        {
            var span = spans[record.Action];
            Assert.Equal(timeline.StartedAt.UtcDateTime + record.Start, span.StartTimeUtc);
            Assert.Equal(record.End - record.Start, span.Duration);
            Assert.Equal(record.Worker, span.GetTagItem(PipelineAttributes.WorkerIndex));
            Assert.Equal(record.Slot, span.GetTagItem(PipelineAttributes.Slot));
            Assert.Equal(record.Bytes, span.GetTagItem(PipelineAttributes.HandoverSize));
            Assert.Equal(record.Recompute > TimeSpan.Zero ? record.Recompute.TotalSeconds : null, span.GetTagItem(PipelineAttributes.RecomputeDuration));
            Assert.Equal(timeline.StageNames[record.Action.Stage], span.GetTagItem(PipelineAttributes.StageName));
            Assert.Equal($"{timeline.Pipeline} worker {record.Worker}", span.GetTagItem(PipelineAttributes.ThreadName));
            Assert.Equal(ProducerOf(record.Action) is { } producer ? [spans[producer].SpanId] : [], span.Links.Select(link => link.Context.SpanId));
        }
    }

    private static PipelineAction? ProducerOf(PipelineAction action) => action.Kind == ActionKind.Forward
        ? action.Stage == 0 ? null : action with { Stage = action.Stage - 1 }
        : action.Stage == Stages - 1 ? null : action with { Stage = action.Stage + 1 };

    private static PipelineAction ActionOf(Activity span) => new(
        (int)span.GetTagItem(PipelineAttributes.StageIndex)!,
        (string?)span.GetTagItem(PipelineAttributes.Phase) == "forward" ? ActionKind.Forward : ActionKind.Backward,
        (int)span.GetTagItem(PipelineAttributes.MicroBatchIndex)!);
}
