using System.Diagnostics.Tracing;

namespace PipelineSdk.Diagnostics;

/// <summary>Says what went wrong with telemetry itself. By its name OpenTelemetry's self-diagnostics write it to their log (OTEL_DIAGNOSTICS.json).</summary>
[EventSource(Name = "OpenTelemetry-PipelineSdk")]
internal sealed class PipelineEventSource : EventSource
{
    public static readonly PipelineEventSource Log = new();

    /// <summary>The first exception of a listener; later ones are only counted.</summary>
    [Event(1, Level = EventLevel.Warning, Message = "A listener of PipelineSdk's telemetry threw, which costs its data and not the training; later ones are only counted: {0}")]
    public void ListenerFailed(string error) => WriteEvent(1, error);
}
