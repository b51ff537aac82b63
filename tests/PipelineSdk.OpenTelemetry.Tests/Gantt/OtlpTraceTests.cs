using System.Text;
using System.Text.Json;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Otlp;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class OtlpTraceTests
{
    private static readonly StepTimeline Step = Simulate(PipelineSchedule.ZeroBubbleH1, workers: 3, microBatches: 4, latency: 0.25, step: 7);

    [Fact]
    public void Every_action_is_a_span_of_the_steps_with_its_times_in_nanoseconds()
    {
        var spans = Read([Step]);
        var step = spans[0];

        Assert.Equal((PipelineSdkDiagnostics.StepSpan, ""), (step.Name, step.ParentSpanId));
        Assert.Equal(Nanoseconds(Step.Duration), step.End);
        Assert.Equal(
            Step.Actions.Select(action => (PipelineSdkDiagnostics.SpanOf(action.Action.Kind), Nanoseconds(action.Start), Nanoseconds(action.End))),
            spans.Skip(1).Select(span => (span.Name, span.Start, span.End)));
        Assert.All(spans.Skip(1), span => Assert.Equal(step.SpanId, span.ParentSpanId));
        Assert.All(spans, span =>
        {
            Assert.Matches("^[0-9a-f]{16}$", span.SpanId);
            Assert.Matches("^[0-9a-f]{32}$", span.TraceId);
            Assert.Equal((step.TraceId, SpanKind.Internal, PipelineSdkDiagnostics.ActivitySourceName), (span.TraceId, span.Kind, span.Scope));
        });
        Assert.Equal(spans.Count, spans.Select(span => span.SpanId).Distinct().Count());

        static ulong Nanoseconds(TimeSpan time) => (ulong)(Step.StartedAt + time - DateTimeOffset.UnixEpoch).Ticks * 100;
    }

    [Fact]
    public void Every_hop_forward_and_backward_is_a_link()
    {
        var spans = Read([Step]).Skip(1).ToDictionary(span => (Stage: (long)span.Attributes[PipelineAttributes.StageIndex],
            Phase: (string)span.Attributes[PipelineAttributes.Phase], MicroBatch: (long)span.Attributes[PipelineAttributes.MicroBatchIndex]));

        Assert.Equal(Step.Actions.Count, spans.Count);
        Assert.All(spans, span =>
        {
            var (stage, phase, microBatch) = span.Key;
            var before = phase == "forward" ? stage - 1 : stage + 1;
            var sender = phase == "weight_gradient" ? null : spans.GetValueOrDefault((before, phase, microBatch));
            Assert.Equal(sender is null ? [] : [(sender.TraceId, sender.SpanId)], span.Value.Links);
        });
        Assert.Equal(2 * 2 * 4, spans.Values.Sum(span => span.Links.Count));
    }

    [Fact]
    public void The_resource_names_the_pipeline_and_what_the_file_lacks()
    {
        var spans = Read([Step, Simulate(PipelineSchedule.GPipe, 2, 2, pipeline: "Other\u0001")], dropped: 3);

        Assert.Equal(["Net", "Other\uFFFD"], spans.Select(span => span.Resource["service.name"]).Distinct());
        Assert.All(spans, span => Assert.Equal(3L, span.Resource[PipelineAttributes.DroppedSteps]));
        Assert.Empty(Read([]));
    }

    [Fact]
    public void A_failed_step_has_status_type_message_and_exception_where_it_failed()
    {
        var failed = Read([FailedStep()]).Where(span => span.Status is { Code: StatusCode.Error }).ToArray();

        Assert.Equal([PipelineSdkDiagnostics.StepSpan, PipelineSdkDiagnostics.ForwardSpan], failed.Select(span => span.Name));
        Assert.Equal(1L, failed[1].Attributes[PipelineAttributes.StageIndex]);
        Assert.All(failed, span =>
        {
            Assert.Contains("shapes differ", span.Status!.Message, StringComparison.Ordinal);
            Assert.Equal("System.InvalidOperationException", span.Attributes[PipelineAttributes.ErrorType]);
            var happened = Assert.Single(span.Events);
            Assert.Equal("exception", happened.Name);
            Assert.Equal("shapes differ", OtlpSpan.Values(happened.Attributes)["exception.message"]);
        });
        Assert.Equal(5L, failed[0].Attributes[PipelineAttributes.ActionsNotRun]);
    }

    [Fact]
    public void The_file_is_as_approved()
    {
        using var json = JsonDocument.Parse(Write([Small], dropped: 1));
        var text = JsonSerializer.Serialize(json, GoldenJson).ReplaceLineEndings("\n");

        Golden.AssertEqual("small.otlp.json", text.Replace($"\"{ProductVersion.Value!.Replace("+", "\\u002B", StringComparison.Ordinal)}\"", "\"VERSION\"", StringComparison.Ordinal));
    }

    private static List<OtlpSpan> Read(IEnumerable<StepTimeline> steps, long dropped = 0) => [.. OtlpSpan.OfJson(Write(steps, dropped))];

    private static string Write(IEnumerable<StepTimeline> steps, long dropped)
    {
        using var stream = new MemoryStream();
        OtlpTrace.Write(stream, steps, dropped);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
