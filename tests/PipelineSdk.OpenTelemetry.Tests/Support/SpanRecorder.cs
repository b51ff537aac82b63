using System.Collections.Concurrent;
using System.Diagnostics;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Listens to PipelineSdk's spans and keeps those that have ended.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly ActivityListener listener;

    public SpanRecorder(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => sampling,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyList<Activity> Ended => [.. ended];

    public void Dispose() => listener.Dispose();
}
