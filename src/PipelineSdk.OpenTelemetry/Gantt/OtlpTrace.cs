using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes steps as spans in OTLP's JSON encoding, as collectors read them from a file and Jaeger takes them as an upload or a POST to
/// <c>/v1/traces</c>: the spans that the pipeline would have exported live, with the same names, attributes, links and times, and none dropped.
/// </summary>
/// <remarks>
/// A trace per step, a resource per step with the pipeline's name as <c>service.name</c>. Ids are the file's own, not those of live spans. Steps are
/// written as they come: memory does not grow with their number. Encoding: OTLP 1.x, "JSON Protobuf Encoding".
/// </remarks>
public static class OtlpTrace
{
    /// <summary>Writes a file. It is written aside and renamed: on failure an older file stays as it was.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.json</c>.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; every resource says so.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, IEnumerable<StepTimeline> steps, long droppedSteps = 0) => StepsFile.Write(path, steps, droppedSteps, Write);

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; every resource says so.</param>
    public static void Write(Stream stream, IEnumerable<StepTimeline> steps, long droppedSteps = 0)
    {
        StepsFile.Require(stream, steps, droppedSteps);
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        foreach (var step in steps) new OtlpSpans(json, step).Write(droppedSteps);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
