using Jaeger;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Otlp;
using PipelineSdk.OpenTelemetry.Tests.Support;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>The sample as its README has it started, against an endpoint in place of Jaeger.</summary>
[Collection(SpanTests.Name)]
public sealed class JaegerSampleTests
{
    private const int Steps = 4;

    [Fact]
    public async Task The_host_trains_sends_every_span_and_leaves_gantt_files()
    {
        using var folder = new TemporaryFolder();
        await using var receiver = await OtlpReceiver.Start(HttpProtocols.Http2);
        using (var host = JaegerSample.CreateHost(
        [
            $"--OTEL_EXPORTER_OTLP_ENDPOINT={receiver.Endpoint}", $"--Training:Steps={Steps}", "--Training:BatchSize=32", $"--Gantt:Directory={folder["."]}",
            "--Logging:LogLevel:Default=Warning",
        ]))
        {
            await host.RunAsync();
        }

        var spans = receiver.Spans;
        Assert.Equal(Steps * (1 + (2 * 3 * 8)), spans.Count);
        Assert.All(spans, span => Assert.Equal("spirals", span.Resource["service.name"]));
        Assert.Equal(Steps, spans.Count(span => span.Name == PipelineSdkDiagnostics.StepSpan));
        Assert.Equal(Steps * 2 * 2 * 8, spans.Sum(span => span.Links.Count));
        Assert.Equal(["spirals.jaeger.json", "spirals.svg"], folder.Files.Order());
        Assert.Equal(Steps, JaegerFile.Parse(File.ReadAllBytes(folder["spirals.jaeger.json"])).Traces.Count);
    }
}
