using System.Globalization;
using Google.Protobuf;

namespace PipelineSdk.OpenTelemetry.Tests.Otlp;

/// <summary>A span as a receiver sees it: from the wire or from a file, by the protocol's definitions.</summary>
internal sealed record OtlpSpan(
    string TraceId, string SpanId, string ParentSpanId, string Name, SpanKind Kind, ulong Start, ulong End, IReadOnlyDictionary<string, object> Attributes,
    IReadOnlyList<(string TraceId, string SpanId)> Links, Status? Status, IReadOnlyList<Event> Events, IReadOnlyDictionary<string, object> Resource,
    string Scope, uint Flags)
{
    /// <summary>All spans of a message from the wire.</summary>
    public static IEnumerable<OtlpSpan> Of(ExportTraceRequest request) => Of(request, bytes => Convert.ToHexStringLower(bytes.Span));

    /// <summary>
    /// All spans of a file. Protobuf's own JSON has base64 where OTLP has hexadecimal digits; read as base64 and written as such, they come out as they were.
    /// Unknown names and wrong types throw.
    /// </summary>
    public static IEnumerable<OtlpSpan> OfJson(string json) => Of(JsonParser.Default.Parse<ExportTraceRequest>(json), bytes => bytes.ToBase64());

    public static Dictionary<string, object> Values(IEnumerable<KeyValue> attributes) => attributes.ToDictionary(one => one.Key, one => Value(one.Value));

    private static IEnumerable<OtlpSpan> Of(ExportTraceRequest request, Func<ByteString, string> id) =>
        from resource in request.ResourceSpans
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new OtlpSpan(
            id(span.TraceId), id(span.SpanId), id(span.ParentSpanId), span.Name, span.Kind, span.StartTimeUnixNano, span.EndTimeUnixNano,
            Values(span.Attributes), [.. span.Links.Select(link => (id(link.TraceId), id(link.SpanId)))], span.Status, [.. span.Events],
            Values(resource.Resource.Attributes), scope.Scope.Name, span.Flags);

    private static object Value(AnyValue value) => value.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        var other => throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"An attribute is a {other}.")),
    };
}
