using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>What users read who take the console exporter; holds for the package and for its stand-in.</summary>
[Collection(SpanTests.Name)]
public sealed class ConsoleExporterTests
{
    [Fact]
    public void The_console_shows_ids_names_times_attributes_links_status_and_resource()
    {
        StepSpan step = null!;
        ActivityContext producer = default;
        var output = CaptureConsole(() =>
        {
            using var provider = Tracing(builder => builder.AddConsoleExporter());
            step = Start();
            var forward = Begin(step, stage: 0, default);
            producer = forward!.Context;
            step.EndAction(forward, 512, Stopwatch.GetTimestamp());
            step.EndAction(Begin(step, stage: 1, producer), 0, Stopwatch.GetTimestamp(), new InvalidOperationException("shapes differ"));
            step.End(Timelines.Empty(DateTimeOffset.UtcNow, TimeSpan.Zero));
        });

        var blocks = output.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        var failed = Assert.Single(blocks, block => block.Contains("shapes differ", StringComparison.Ordinal));
        Assert.Equal(3, blocks.Count(block => block.Contains("Activity.TraceId:", StringComparison.Ordinal)));
        Assert.Matches($@"Activity\.TraceId: +{step.Context.TraceId}", failed);
        Assert.Matches($@"Activity\.ParentSpanId: +{step.Context.SpanId}", failed);
        Assert.Matches($@"Activity\.DisplayName: +{PipelineSdkDiagnostics.ForwardSpan}", failed);
        Assert.Matches(@"Activity\.Kind: +Internal", failed);
        Assert.Matches(@"Activity\.StartTime: +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z", failed);
        Assert.Matches(@"Activity\.Duration: +00:00:\d\d", failed);
        Assert.Contains("Activity.Tags:", failed, StringComparison.Ordinal);
        Assert.Contains($"    {PipelineAttributes.StageIndex}: 1", failed, StringComparison.Ordinal);
        Assert.Contains("Activity.Links:", failed, StringComparison.Ordinal);
        Assert.Contains($"    {producer.TraceId} {producer.SpanId}", failed, StringComparison.Ordinal);
        Assert.Matches(@"StatusCode: *Error", failed);
        Assert.Contains("Activity.Events:", failed, StringComparison.Ordinal);
        Assert.Contains("exception.message: shapes differ", failed, StringComparison.Ordinal);
        Assert.Contains("    service.name: tests", failed, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_chosen_targets_are_written_to()
    {
        var output = CaptureConsole(() =>
        {
            using var provider = Tracing(builder => builder.AddConsoleExporter(options => options.Targets = ConsoleExporterOutputTargets.Debug));
            Start().End(Timelines.Empty(DateTimeOffset.UtcNow, TimeSpan.Zero));
        });

        Assert.Equal("", output);
    }

    [Fact]
    public void Named_options_apply_to_their_name_alone()
    {
        var output = CaptureConsole(() =>
        {
            using var provider = Tracing(builder => builder
                .AddConsoleExporter("quiet", options => options.Targets = ConsoleExporterOutputTargets.Debug)
                .AddConsoleExporter("loud", configure: null));
            Start().End(Timelines.Empty(DateTimeOffset.UtcNow, TimeSpan.Zero));
        });

        Assert.Single(output.Split('\n'), line => line.Contains("Activity.TraceId:", StringComparison.Ordinal));
    }

    private static StepSpan Start() => PipelineTelemetry.StartStep(StepClock.Start(), "Net", "1F1B", "train", 0, 2, 1)!;

    private static Activity? Begin(StepSpan step, int stage, in ActivityContext producer)
    {
        var now = Stopwatch.GetTimestamp();
        return step.StartAction(new PipelineAction(stage, ActionKind.Forward, 0), "stem", stage, 0, "cpu", producer, now, now);
    }

    private static TracerProvider Tracing(Func<TracerProviderBuilder, TracerProviderBuilder> export) =>
        export(Sdk.CreateTracerProviderBuilder().AddPipelineSdkInstrumentation().ConfigureResource(resource => resource.AddService("tests"))).Build();

    private static string CaptureConsole(Action action)
    {
        var console = Console.Out;
        using var captured = new StringWriter();
        Console.SetOut(captured);
        try
        {
            action();
        }
        finally
        {
            Console.SetOut(console);
        }

        return captured.ToString();
    }
}
