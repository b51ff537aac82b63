using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Otlp;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using StatusCode = PipelineSdk.OpenTelemetry.Tests.Otlp.StatusCode;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>Spans of real pipelines over the wire, as OpenTelemetry's own exporter sends them to Jaeger and others.</summary>
[Collection(SpanTests.Name)]
public sealed class OtlpExportTests
{
    private const int MicroBatches = 8;
    private const int Steps = 3;
    private const int SpansPerStep = 1 + (2 * Pipelines.Stages * MicroBatches);

    [Theory]
    [InlineData(OtlpExportProtocol.Grpc)]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    public async Task Every_span_link_and_attribute_arrives(OtlpExportProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.Start(protocol == OtlpExportProtocol.Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1);
        var timelines = Train(receiver.Endpoint, protocol, queue: 2048);

        var arrived = receiver.Spans;
        Assert.Equal(Steps * SpansPerStep, arrived.Count);
        Assert.Equal(arrived.Count, arrived.Select(span => span.SpanId).Distinct().Count());
        Assert.All(arrived, span => Assert.Equal(("otlp-tests", PipelineSdkDiagnostics.ActivitySourceName), (span.Resource["service.name"], span.Scope)));
        // The file says what should have arrived, span by span: it is made from the record, the wire's content from activities.
        AssertSame(InFile(timelines), arrived);
        Assert.All(arrived.Where(span => span.ParentSpanId.Length > 0), span => Assert.Equal(
            $"Net worker {span.Attributes[PipelineAttributes.WorkerIndex]}", span.Attributes[PipelineAttributes.ThreadName]));
    }

    [Fact]
    public async Task A_failed_step_arrives_with_status_type_and_exception()
    {
        await using var receiver = await OtlpReceiver.Start(HttpProtocols.Http2);
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.OneForwardOneBackward, MicroBatches);
        PipelineException failure;
        using (var tracing = Tracing(receiver.Endpoint, OtlpExportProtocol.Grpc, queue: 2048))
        {
            net.InStage2 = _ => throw new InvalidDataException("shapes differ");
            failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep());
            tracing.ForceFlush();
        }

        var arrived = receiver.Spans;
        AssertSame(InFile([failure.Timeline!]), arrived);
        var failed = arrived.Where(span => span.Status is { Code: StatusCode.Error }).ToArray();
        Assert.Equal([PipelineSdkDiagnostics.StepSpan, PipelineSdkDiagnostics.ForwardSpan], failed.Select(span => span.Name).OrderDescending().Reverse());
        Assert.All(failed, span =>
        {
            Assert.Equal("System.IO.InvalidDataException", span.Attributes[PipelineAttributes.ErrorType]);
            Assert.Contains("shapes differ", span.Status!.Message, StringComparison.Ordinal);
            var happened = OtlpSpan.Values(Assert.Single(span.Events).Attributes);
            Assert.Equal(("System.IO.InvalidDataException", "shapes differ"), (happened["exception.type"], happened["exception.message"]));
            Assert.Contains(nameof(OtlpExportTests), (string)happened["exception.stacktrace"], StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_queue_that_is_too_small_for_a_slow_endpoint_loses_spans_which_the_sdk_counts_and_the_gantt_file_has()
    {
        using var folder = new TemporaryFolder();
        using var diagnostics = new EventRecorder("OpenTelemetry-Sdk");
        var answer = new TaskCompletionSource();
        await using var receiver = await OtlpReceiver.Start(HttpProtocols.Http1, answer.Task);

        // Nothing is answered while the pipeline trains: no more than the queue and one message on its way survive.
        Train(receiver.Endpoint, OtlpExportProtocol.HttpProtobuf, queue: 16, folder, afterwards: answer.SetResult);

        Assert.InRange(receiver.Spans.Count, 16, 2 * 16);
        Assert.Contains("ExistsDroppedExportProcessorItems", diagnostics.Events);
        Assert.Equal(Steps * SpansPerStep, OtlpSpan.OfJson(File.ReadAllText(folder["Net.otlp.json"])).Count());
    }

    [Fact]
    public void An_endpoint_that_is_down_costs_spans_and_no_step()
    {
        using var folder = new TemporaryFolder();
        using var closed = new TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var endpoint = new Uri($"http://{closed.LocalEndpoint}");
        closed.Stop();

        var timelines = Train(endpoint, OtlpExportProtocol.Grpc, queue: 16, folder);

        Assert.Equal(Steps, timelines.Count);
        AssertSame(InFile(timelines), [.. OtlpSpan.OfJson(File.ReadAllText(folder["Net.otlp.json"]))]);
    }

    private static List<StepTimeline> Train(
        Uri endpoint, OtlpExportProtocol protocol, int queue, TemporaryFolder? folder = null, Action? afterwards = null)
    {
        using var net = new HandCutNet();
        using var pipeline = Pipelines.Create(net, PipelineSchedule.OneForwardOneBackward, MicroBatches);
        using var tracing = Tracing(endpoint, protocol, queue, folder);
        var timelines = Enumerable.Range(0, Steps).Select(_ => pipeline.TrainStep().Timeline).ToList();
        afterwards?.Invoke();
        // Without a time limit, which disposing has.
        tracing.ForceFlush();
        return timelines;
    }

    private static TracerProvider Tracing(Uri endpoint, OtlpExportProtocol protocol, int queue, TemporaryFolder? folder = null)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService("otlp-tests"))
            .AddPipelineSdkInstrumentation()
            .AddOtlpExporter(options =>
            {
                options.Endpoint = protocol == OtlpExportProtocol.Grpc ? endpoint : new Uri(endpoint, "/v1/traces");
                options.Protocol = protocol;
                options.BatchExportProcessorOptions.MaxQueueSize = queue;
                options.BatchExportProcessorOptions.MaxExportBatchSize = Math.Min(queue, 512);
            });
        if (folder is not null) builder.AddPipelineGanttExporter(options => (options.Directory, options.Formats) = (folder["."], GanttFormats.Otlp));
        return builder.Build();
    }

    private static List<OtlpSpan> InFile(IEnumerable<StepTimeline> timelines)
    {
        using var stream = new MemoryStream();
        OtlpTrace.Write(stream, timelines);
        return [.. OtlpSpan.OfJson(Encoding.UTF8.GetString(stream.ToArray()))];
    }

    /// <summary>The same spans, whatever their ids: a span is known by step and action, a link and a parent by what they lead to.</summary>
    private static void AssertSame(IReadOnlyList<OtlpSpan> expected, IReadOnlyList<OtlpSpan> actual)
    {
        var (expectedById, actualById) = (expected.ToDictionary(span => span.SpanId), actual.ToDictionary(span => span.SpanId));
        var actualByKey = actual.ToDictionary(Key);
        Assert.Equal(expected.Select(Key).Order(), actualByKey.Keys.Order());
        foreach (var one in expected)
        {
            var other = actualByKey[Key(one)];
            Assert.Equal((one.Name, one.Kind, one.Start, one.End, one.Flags), (other.Name, other.Kind, other.Start, other.End, other.Flags));
            Assert.Equal(
                one.Attributes.OrderBy(attribute => attribute.Key),
                other.Attributes.Where(attribute => !attribute.Key.StartsWith("thread.", StringComparison.Ordinal)).OrderBy(attribute => attribute.Key));
            Assert.Equal(one.Links.Select(link => Key(expectedById[link.SpanId])), other.Links.Select(link => Key(actualById[link.SpanId])));
            Assert.All(other.Links, link => Assert.Equal(other.TraceId, link.TraceId));
            Assert.Equal(Parent(one, expectedById), Parent(other, actualById));
            Assert.Equal((one.Status?.Code ?? 0, one.Status?.Message ?? ""), (other.Status?.Code ?? 0, other.Status?.Message ?? ""));
            Assert.Equal(one.Events.Select(happened => happened.Name), other.Events.Select(happened => happened.Name));
        }
    }

    private static string? Parent(OtlpSpan span, Dictionary<string, OtlpSpan> byId) => span.ParentSpanId.Length == 0 ? null : Key(byId[span.ParentSpanId]);

    private static string Key(OtlpSpan span) =>
        $"{span.Attributes[PipelineAttributes.Step]}: {span.Name} {span.Attributes.GetValueOrDefault(PipelineAttributes.StageIndex)}"
        + $" {span.Attributes.GetValueOrDefault(PipelineAttributes.MicroBatchIndex)}";
}
