using System.Diagnostics.Tracing;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Says what went wrong with Gantt files. By its name OpenTelemetry's self-diagnostics write it to their log (OTEL_DIAGNOSTICS.json).</summary>
[EventSource(Name = "OpenTelemetry-PipelineSdk-Gantt")]
internal sealed class GanttEventSource : EventSource
{
    public static readonly GanttEventSource Log = new();

    [Event(1, Level = EventLevel.Warning, Message = "The Gantt file {0} could not be written; later failures are only counted: {1}")]
    public void NotWritten(string path, string error) => WriteEvent(1, path, error);

    [Event(2, Level = EventLevel.Warning, Message = "The Gantt files in {0} were not finished within {1} ms after the provider was shut down")]
    public void NotFinished(string directory, int milliseconds) => WriteEvent(2, directory, milliseconds);

    [Event(3, Level = EventLevel.Warning, Message = "A logger or a listener of a metric threw: {0}")]
    public void ListenerFailed(string error) => WriteEvent(3, error);
}
