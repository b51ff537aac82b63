using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes steps as a trace that <see href="https://ui.perfetto.dev"/> and <c>chrome://tracing</c> open: a lane per worker with its actions
/// and waits, a flow per micro-batch along its way through the stages and back, and a counter of activations in flight per worker.
/// </summary>
/// <remarks>
/// The format is the Chrome trace event format, in JSON. Times are in microseconds from the start of the first step, to 100 ns. Steps are written
/// as they come: memory does not grow with their number. Steps are expected in the order in which they began.
/// </remarks>
public static class PerfettoTrace
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
        var run = new PerfettoRun(json);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        foreach (var step in steps)
        {
            run.WriteStep(step);
            json.FlushIfLarge();
        }

        json.WriteEndArray();
        json.WriteStartObject("otherData");
        run.WriteMetadata(droppedSteps);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
    }
}
