using System.Globalization;
using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes one step as a trace of Jaeger's page. The page draws a tree, ordered by start, and colours by service: so every worker is a service with
/// a span of its own, which holds its actions.
/// </summary>
internal sealed class JaegerSpans(Utf8JsonWriter json, StepTimeline step) : IAttributeWriter
{
    private readonly StepTrace trace = new(step);

    public void Write()
    {
        json.WriteStartObject();
        json.WriteString("traceID", trace.TraceId);
        json.WriteStartArray("spans");
        WriteStep();
        for (var worker = 0; worker < step.Workers; worker++) WriteLane(worker);
        for (var index = 0; index < step.Actions.Count; index++)
        {
            WriteAction(index);
            json.FlushIfLarge();
        }

        json.WriteEndArray();
        json.WriteStartObject("processes");
        WriteProcess(Process(null), step.Pipeline);
        for (var worker = 0; worker < step.Workers; worker++)
        {
            WriteProcess(Process(worker), string.Create(CultureInfo.InvariantCulture, $"{step.Pipeline} worker {worker}"));
        }

        json.WriteEndObject();
        json.WriteNull("warnings");
        json.WriteEndObject();
    }

    void IAttributeWriter.Write(string key, string value)
    {
        BeginTag(key, "string");
        json.WriteString("value", PlainText.Of(value));
        json.WriteEndObject();
    }

    void IAttributeWriter.Write(string key, long value)
    {
        BeginTag(key, "int64");
        // JavaScript's numbers are exact up to 2^53; Jaeger writes larger ones as text.
        if (Math.Abs((decimal)value) < 1L << 53) json.WriteNumber("value", value);
        else json.WriteString("value", value.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    void IAttributeWriter.Write(string key, double value)
    {
        BeginTag(key, "float64");
        json.WriteNumber("value", value);
        json.WriteEndObject();
    }

    private void WriteStep()
    {
        var lastEnd = step.Actions.Count == 0 ? TimeSpan.Zero : step.Actions.Max(action => action.End);
        BeginSpan(
            trace.StepSpan, string.Create(CultureInfo.InvariantCulture, $"step {step.Step}"), TimeSpan.Zero, lastEnd > step.Duration ? lastEnd : step.Duration,
            parent: null, sender: null);
        StepAttributes.Write(this, step);
        EndSpan(Process(null), step.Failure, step.ActionsNotRun == 0 ? null
            : string.Create(CultureInfo.InvariantCulture, $"{step.ActionsNotRun} actions of the schedule did not run: the step was given up."));
    }

    private void WriteLane(int worker)
    {
        var lane = step.Actions.Where(action => action.Worker == worker).ToArray();
        if (lane.Length == 0) return;
        var stages = string.Join(", ", lane.Select(action => action.Action.Stage).Distinct().Order().Select(stage => $"{stage}: {GanttText.StageName(step, stage)}"));
        BeginSpan(
            trace.LaneSpan(worker), string.Create(CultureInfo.InvariantCulture, $"worker {worker}, stage {stages}"),
            lane.Min(action => action.Start), lane.Max(action => action.End), trace.StepSpan, sender: null);
        IAttributeWriter tags = this;
        tags.Write(PipelineAttributes.WorkerIndex, worker);
        EndSpan(Process(worker), failure: null, warning: null);
    }

    private void WriteAction(int index)
    {
        var record = step.Actions[index];
        BeginSpan(
            trace.ActionSpan(index), record.Action.ToString(), record.Start, record.End, trace.LaneSpan(record.Worker),
            trace.SenderOf(index) is { } sender ? trace.ActionSpan(sender) : null);
        StepAttributes.Write(this, trace, index);
        EndSpan(Process(record.Worker), trace.HasFailed(index) ? step.Failure : null, warning: null);
    }

    private void BeginSpan(string id, string name, TimeSpan start, TimeSpan end, string? parent, string? sender)
    {
        json.WriteStartObject();
        json.WriteString("traceID", trace.TraceId);
        json.WriteString("spanID", id);
        json.WriteString("operationName", PlainText.Of(name));
        // The page takes the first reference for the parent.
        json.WriteStartArray("references");
        if (parent is not null) WriteReference("CHILD_OF", parent);
        if (sender is not null) WriteReference("FOLLOWS_FROM", sender);
        json.WriteEndArray();
        // Both ends are rounded alike, so that bars which touch or enclose each other still do.
        json.WriteNumber("startTime", Microseconds(start));
        json.WriteNumber("duration", Microseconds(end) - Microseconds(start));
        json.WriteStartArray("tags");
    }

    private void EndSpan(string process, Exception? failure, string? warning)
    {
        if (failure is not null)
        {
            BeginTag("error", "bool");
            json.WriteBoolean("value", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("logs");
        if (failure is not null) WriteLog(failure);
        json.WriteEndArray();
        json.WriteString("processID", process);
        if (warning is null)
        {
            json.WriteNull("warnings");
        }
        else
        {
            json.WriteStartArray("warnings");
            json.WriteStringValue(warning);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteLog(Exception failure)
    {
        IAttributeWriter fields = this;
        json.WriteStartObject();
        json.WriteNumber("timestamp", Microseconds(step.Duration));
        json.WriteStartArray("fields");
        fields.Write("event", "exception");
        fields.Write("exception.type", StepAttributes.ErrorType(failure));
        fields.Write("exception.message", failure.Message);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteReference(string kind, string span)
    {
        json.WriteStartObject();
        json.WriteString("refType", kind);
        json.WriteString("traceID", trace.TraceId);
        json.WriteString("spanID", span);
        json.WriteEndObject();
    }

    private void WriteProcess(string id, string service)
    {
        json.WriteStartObject(id);
        json.WriteString("serviceName", PlainText.Of(service));
        json.WriteStartArray("tags");
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void BeginTag(string key, string type)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteString("type", type);
    }

    private static string Process(int? worker) => string.Create(CultureInfo.InvariantCulture, $"p{worker + 1 ?? 0}");

    private long Microseconds(TimeSpan sinceStart) => (step.StartedAt + sinceStart - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
