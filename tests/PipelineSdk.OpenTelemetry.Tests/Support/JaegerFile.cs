using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>A file read back as Jaeger's page reads it, strictly: every field there, of its type, and none besides (the data model of Jaeger's query service).</summary>
internal sealed class JaegerFile
{
    private JaegerFile(JsonElement root)
    {
        Fields(root, "data", "otherData");
        Metadata = root.GetProperty("otherData");
        Traces = [.. root.GetProperty("data").EnumerateArray().Select(Trace.Read)];
    }

    public JsonElement Metadata { get; }

    public IReadOnlyList<Trace> Traces { get; }

    public static JaegerFile Of(IEnumerable<StepTimeline> steps, long dropped = 0)
    {
        using var stream = new MemoryStream();
        JaegerTrace.Write(stream, steps, dropped);
        return Parse(stream.ToArray());
    }

    public static JaegerFile Parse(ReadOnlyMemory<byte> json) => new(JsonDocument.Parse(json).RootElement);

    private static void Fields(JsonElement element, params string[] names) =>
        Assert.Equal(names.Order(), element.EnumerateObject().Select(property => property.Name).Order());

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static string[]? ReadWarnings(JsonElement element) => element.GetProperty("warnings") is { ValueKind: not JsonValueKind.Null } warnings
        ? [.. warnings.EnumerateArray().Select(one => one.GetString()!)]
        : null;

    private static Dictionary<string, object> ReadTags(JsonElement tags) => tags.EnumerateArray().ToDictionary(tag => Text(tag, "key"), tag =>
    {
        Fields(tag, "key", "type", "value");
        var value = tag.GetProperty("value");
        return (object)(Text(tag, "type") switch
        {
            "string" => value.GetString()!,
            "bool" => value.GetBoolean(),
            "int64" => value.ValueKind == JsonValueKind.String ? long.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture) : value.GetInt64(),
            "float64" => value.GetDouble(),
            var other => throw new InvalidDataException($"A tag of type {other}."),
        });
    });

    internal sealed record Trace(string Id, IReadOnlyList<Span> Spans, IReadOnlyDictionary<string, string> Services, string[]? Warnings)
    {
        public Span Step => Spans.Single(span => span.Parent is null);

        public IEnumerable<Span> Lanes => Spans.Where(span => span.Parent == Step.Id);

        public IEnumerable<Span> Actions => Spans.Where(span => span.Tags.ContainsKey(PipelineAttributes.Slot));

        public Span this[string id] => Spans.Single(span => span.Id == id);

        public static Trace Read(JsonElement json)
        {
            Fields(json, "traceID", "spans", "processes", "warnings");
            var services = json.GetProperty("processes").EnumerateObject().ToDictionary(process => process.Name, process =>
            {
                Fields(process.Value, "serviceName", "tags");
                ReadTags(process.Value.GetProperty("tags"));
                return Text(process.Value, "serviceName");
            });
            var trace = new Trace(
                Text(json, "traceID"), [.. json.GetProperty("spans").EnumerateArray().Select(span => Span.Read(span, Text(json, "traceID")))], services,
                ReadWarnings(json));
            Assert.Matches("^[0-9a-f]{32}$", trace.Id);
            Assert.Equal(trace.Spans.Count, trace.Spans.Select(span => span.Id).Distinct().Count());
            Assert.All(trace.Spans, span =>
            {
                Assert.Contains(span.Process, services.Keys);
                Assert.All(span.References, reference => Assert.Contains(trace.Spans, other => other.Id == reference.Span));
            });
            return trace;
        }
    }

    internal sealed record Span(
        string Id, string Name, IReadOnlyList<(string Type, string Span)> References, long Start, long Duration, IReadOnlyDictionary<string, object> Tags,
        IReadOnlyList<(long At, IReadOnlyDictionary<string, object> Fields)> Logs, string Process, string[]? Warnings)
    {
        public long End => Start + Duration;

        /// <summary>The page takes the first reference for the parent.</summary>
        public string? Parent => References.Count == 0 ? null : References[0].Span;

        public static Span Read(JsonElement json, string trace)
        {
            Fields(json, "traceID", "spanID", "operationName", "references", "startTime", "duration", "tags", "logs", "processID", "warnings");
            Assert.Equal(trace, Text(json, "traceID"));
            var span = new Span(
                Text(json, "spanID"), Text(json, "operationName"),
                [.. json.GetProperty("references").EnumerateArray().Select(reference =>
                {
                    Fields(reference, "refType", "traceID", "spanID");
                    Assert.Equal(trace, Text(reference, "traceID"));
                    Assert.Contains(Text(reference, "refType"), new[] { "CHILD_OF", "FOLLOWS_FROM" });
                    return (Text(reference, "refType"), Text(reference, "spanID"));
                })],
                json.GetProperty("startTime").GetInt64(), json.GetProperty("duration").GetInt64(), ReadTags(json.GetProperty("tags")),
                [.. json.GetProperty("logs").EnumerateArray().Select(log =>
                {
                    Fields(log, "timestamp", "fields");
                    return (log.GetProperty("timestamp").GetInt64(), (IReadOnlyDictionary<string, object>)ReadTags(log.GetProperty("fields")));
                })],
                Text(json, "processID"), ReadWarnings(json));
            Assert.Matches("^[0-9a-f]{16}$", span.Id);
            Assert.NotEqual(new string('0', 16), span.Id);
            Assert.True(span.Start > 0 && span.Duration >= 0);
            return span;
        }
    }
}
