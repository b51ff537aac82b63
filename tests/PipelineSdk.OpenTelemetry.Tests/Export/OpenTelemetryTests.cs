using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

[Collection(SpanTests.Name)]
public sealed class OpenTelemetryTests
{
    private const int Steps = 5;
    private const int MicroBatches = 6;

    [Fact]
    public async Task Concurrent_pipelines_keep_their_spans_apart_and_every_hop_is_linked()
    {
        var exporter = new InMemoryExporter();
        var first = new ThreadedRun("first", PipelineSchedule.OneForwardOneBackward, workers: 3, MicroBatches);
        var second = new ThreadedRun("second", PipelineSchedule.GPipe, workers: 2, MicroBatches);
        using (Tracing(exporter))
        {
            var left = await Task.WhenAll(Task.Run(() => first.Run(Steps)), Task.Run(() => second.Run(Steps)));
            Assert.All(left.SelectMany(each => each), Assert.Null);
        }

        AssertComplete(exporter.Exported, first, "first", workers: 3);
        AssertComplete(exporter.Exported, second, "second", workers: 2);
        Assert.Equal(Steps * (1 + (2 * 3 * MicroBatches)) + Steps * (1 + (2 * 2 * MicroBatches)), exporter.Exported.Count);
    }

    [Fact]
    public void A_sampler_that_drops_the_step_drops_its_actions()
    {
        var exporter = new InMemoryExporter();
        using (Sdk.CreateTracerProviderBuilder().SetSampler(new ParentBasedSampler(new AlwaysOffSampler()))
            .AddPipelineSdkInstrumentation().AddProcessor(new SimpleActivityExportProcessor(exporter)).Build())
        {
            var step = PipelineTelemetry.StartStep(StepClock.Start(), "Net", "1F1B", "train", 0, 1, 1);
            var action = step?.StartAction(new PipelineAction(0, ActionKind.Forward, 0), "stem", 0, 0, "cpu", default, 0, 0);
            step?.EndAction(action, 0, Stopwatch.GetTimestamp());
            step?.End(Timelines.Small);
        }

        Assert.Empty(exporter.Exported);
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void The_meter_is_registered_too()
    {
        var metrics = new List<Metric>();
        using (var provider = Sdk.CreateMeterProviderBuilder().AddPipelineSdkInstrumentation()
            .AddReader(new BaseExportingMetricReader(new MetricKeeper(metrics))).Build())
        {
            PipelineMetrics.RecordStep(Timelines.Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 2));
            provider.ForceFlush();
        }

        var names = metrics.Select(metric => metric.Name).Distinct().ToArray();
        Assert.Contains(PipelineSdkDiagnostics.StepDurationMetric, names);
        Assert.Contains(PipelineSdkDiagnostics.LiveTensorsMetric, names);
        Assert.All(names, name => Assert.StartsWith("pipelinesdk.", name, StringComparison.Ordinal));
    }

    private static TracerProvider Tracing(InMemoryExporter exporter) => Sdk.CreateTracerProviderBuilder()
        .AddPipelineSdkInstrumentation()
        .AddProcessor(new SimpleActivityExportProcessor(exporter))
        .Build();

    private static void AssertComplete(IReadOnlyList<Activity> exported, ThreadedRun run, string pipeline, int workers)
    {
        var mine = exported.Where(span => (string?)span.GetTagItem(PipelineAttributes.PipelineName) == pipeline).ToArray();
        var steps = mine.Where(span => span.OperationName == PipelineSdkDiagnostics.StepSpan).ToArray();
        Assert.Equal(Enumerable.Range(0, Steps).Select(step => (object)(long)step), steps.Select(span => span.GetTagItem(PipelineAttributes.Step)));
        foreach (var step in steps)
        {
            var actions = mine.Where(span => span.ParentSpanId == step.SpanId && span.TraceId == step.TraceId).ToDictionary(ActionOf);
            Assert.Equal(2 * workers * MicroBatches, actions.Count);
            foreach (var (action, span) in actions)
            {
                var links = span.Links.Select(link => link.Context.SpanId);
                Assert.Equal(run.Producer(action) is { } producer ? [actions[producer].SpanId] : [], links);
                Assert.Equal(action.Stage, span.GetTagItem(PipelineAttributes.WorkerIndex));
                Assert.True(span.StartTimeUtc >= step.StartTimeUtc && span.StartTimeUtc + span.Duration <= step.StartTimeUtc + step.Duration);
            }
        }
    }

    private static PipelineAction ActionOf(Activity span) => new(
        (int)span.GetTagItem(PipelineAttributes.StageIndex)!,
        (string?)span.GetTagItem(PipelineAttributes.Phase) == "forward" ? ActionKind.Forward : ActionKind.Backward,
        (int)span.GetTagItem(PipelineAttributes.MicroBatchIndex)!);

    private sealed class MetricKeeper(List<Metric> kept) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch) kept.Add(metric);
            return ExportResult.Success;
        }
    }
}
