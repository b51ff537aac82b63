using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Keeps the names of the events of one source, as OpenTelemetry's self-diagnostics would hear them.</summary>
internal sealed class EventRecorder : EventListener
{
    private readonly ConcurrentQueue<string> events = new();
    private readonly string source;

    public EventRecorder(string source)
    {
        this.source = source;
        foreach (var known in EventSource.GetSources()) OnEventSourceCreated(known);
    }

    public IReadOnlyList<string> Events => [.. events];

    // The base class calls this before the constructor above has run.
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == source) EnableEvents(eventSource, EventLevel.Warning);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name == source) events.Enqueue(eventData.EventName!);
    }
}
