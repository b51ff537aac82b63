using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes steps as a file that Jaeger's page opens (Search, Upload, JSON file): a trace per step, in it a service and a span per worker, and below
/// that the worker's actions in their order, each with a reference to the action that sent its input.
/// </summary>
/// <remarks>
/// The format is the JSON of Jaeger's own page, which needs no server. Its times are whole microseconds; a CSV, Perfetto or OTLP file keeps 100 ns. Steps
/// are written as they come: memory does not grow with their number.
/// </remarks>
public static class JaegerTrace
{
    /// <summary>Writes a file. It is written aside and renamed: on failure an older file stays as it was.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.json</c>.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; the file says so.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, IEnumerable<StepTimeline> steps, long droppedSteps = 0) => StepsFile.Write(path, steps, droppedSteps, Write);

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; the trace says so.</param>
    public static void Write(Stream stream, IEnumerable<StepTimeline> steps, long droppedSteps = 0)
    {
        StepsFile.Require(stream, steps, droppedSteps);
        using var json = new Utf8JsonWriter(stream);
        var (written, actions) = (0L, 0L);
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var step in steps)
        {
            new JaegerSpans(json, step).Write();
            written++;
            actions += step.Actions.Count;
        }

        json.WriteEndArray();
        // Jaeger's page reads "data" alone.
        json.WriteStartObject("otherData");
        json.WriteString("producer", "PipelineSdk");
        json.WriteNumber("steps", written);
        json.WriteNumber("actions", actions);
        json.WriteNumber("droppedSteps", droppedSteps);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }
}
