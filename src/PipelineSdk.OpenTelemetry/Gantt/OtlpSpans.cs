using System.Globalization;
using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Writes one step as a <c>ResourceSpans</c> of OTLP: ids in hexadecimal, 64-bit integers as text, enumerations as numbers.</summary>
internal sealed class OtlpSpans(Utf8JsonWriter json, StepTimeline step) : IAttributeWriter
{
    private const int InternalKind = 1;
    private const int ErrorStatus = 2;

    // W3C's "sampled", and OTLP's "it is known whether the parent is remote".
    private const int Flags = 0x001 | 0x100;

    private readonly StepTrace trace = new(step);

    public void Write(long droppedSteps)
    {
        json.WriteStartObject();
        WriteResource(droppedSteps);
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", PipelineSdkDiagnostics.ActivitySourceName);
        if (ProductVersion.Value is { } version) json.WriteString("version", version);
        json.WriteEndObject();
        json.WriteStartArray("spans");
        WriteStep();
        for (var index = 0; index < step.Actions.Count; index++)
        {
            WriteAction(index);
            json.FlushIfLarge();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    void IAttributeWriter.Write(string key, string value)
    {
        BeginAttribute(key);
        json.WriteString("stringValue", PlainText.Of(value));
        EndAttribute();
    }

    void IAttributeWriter.Write(string key, long value)
    {
        BeginAttribute(key);
        json.WriteString("intValue", value.ToString(CultureInfo.InvariantCulture));
        EndAttribute();
    }

    void IAttributeWriter.Write(string key, double value)
    {
        BeginAttribute(key);
        json.WriteNumber("doubleValue", value);
        EndAttribute();
    }

    private void WriteResource(long droppedSteps)
    {
        IAttributeWriter attributes = this;
        json.WriteStartObject("resource");
        json.WriteStartArray("attributes");
        attributes.Write("service.name", step.Pipeline);
        attributes.Write(PipelineAttributes.DroppedSteps, droppedSteps);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteStep()
    {
        BeginSpan(trace.StepSpan, parent: null, PipelineSdkDiagnostics.StepSpan, TimeSpan.Zero, step.Duration);
        json.WriteStartArray("attributes");
        StepAttributes.Write(this, step);
        json.WriteEndArray();
        EndSpan(step.Failure);
    }

    private void WriteAction(int index)
    {
        var record = step.Actions[index];
        BeginSpan(trace.ActionSpan(index), trace.StepSpan, PipelineSdkDiagnostics.SpanOf(record.Action.Kind), record.Start, record.End);
        json.WriteStartArray("attributes");
        StepAttributes.Write(this, trace, index);
        json.WriteEndArray();
        if (trace.SenderOf(index) is { } sender)
        {
            json.WriteStartArray("links");
            json.WriteStartObject();
            json.WriteString("traceId", trace.TraceId);
            json.WriteString("spanId", trace.ActionSpan(sender));
            json.WriteNumber("flags", Flags);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        EndSpan(trace.HasFailed(index) ? step.Failure : null);
    }

    private void BeginSpan(string id, string? parent, string name, TimeSpan start, TimeSpan end)
    {
        json.WriteStartObject();
        json.WriteString("traceId", trace.TraceId);
        json.WriteString("spanId", id);
        if (parent is not null) json.WriteString("parentSpanId", parent);
        json.WriteNumber("flags", Flags);
        json.WriteString("name", name);
        json.WriteNumber("kind", InternalKind);
        json.WriteString("startTimeUnixNano", Nanoseconds(start));
        json.WriteString("endTimeUnixNano", Nanoseconds(end));
    }

    private void EndSpan(Exception? failure)
    {
        if (failure is not null)
        {
            WriteException(StepAttributes.CauseOf(failure));
            json.WriteStartObject("status");
            json.WriteString("message", PlainText.Of(failure.Message));
            json.WriteNumber("code", ErrorStatus);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteException(Exception cause)
    {
        IAttributeWriter attributes = this;
        json.WriteStartArray("events");
        json.WriteStartObject();
        json.WriteString("timeUnixNano", Nanoseconds(step.Duration));
        json.WriteString("name", "exception");
        json.WriteStartArray("attributes");
        attributes.Write("exception.type", cause.GetType().FullName!);
        attributes.Write("exception.message", cause.Message);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void BeginAttribute(string key)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
    }

    private void EndAttribute()
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private string Nanoseconds(TimeSpan sinceStart) =>
        ((step.StartedAt + sinceStart - DateTimeOffset.UnixEpoch).Ticks * (Int128)100).ToString(CultureInfo.InvariantCulture);
}
