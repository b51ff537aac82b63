namespace PipelineSdk.Diagnostics;

/// <summary>
/// The timelines of all steps of all pipelines, as they end: for whoever writes Gantt files or watches a run without being handed the steps' results.
/// Spans may be sampled or dropped on their way; timelines are neither.
/// </summary>
public static class StepTimelines
{
    private static readonly object Gate = new();
    private static Action<StepTimeline>[] observers = [];

    /// <summary>Hears of every step from now on, whether it succeeded, failed or was cancelled.</summary>
    /// <param name="observer">
    /// Called on the thread that called the step, once per step, before the step returns: it should note the timeline and go. Steps of several
    /// pipelines may call it at once. What it throws costs the step nothing; it is counted.
    /// </param>
    /// <returns>Ends the subscription; a call that has begun meanwhile may still be running.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="observer"/> is null.</exception>
    public static IDisposable Subscribe(Action<StepTimeline> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        lock (Gate) observers = [.. observers, observer];
        return new Subscription(observer);
    }

    /// <summary>Tells metrics and observers of a step that has ended.</summary>
    internal static void Publish(StepTimeline timeline)
    {
        PipelineMetrics.RecordStep(timeline);
        foreach (var observer in Volatile.Read(ref observers))
        {
            try
            {
                observer(timeline);
            }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
            catch (Exception error)
#pragma warning restore CA1031
            {
                PipelineTelemetry.CountListenerFault(error);
            }
        }
    }

    private sealed class Subscription(Action<StepTimeline> observer) : IDisposable
    {
        private bool ended;

        public void Dispose()
        {
            lock (Gate)
            {
                if (ended) return;
                ended = true;
                var at = Array.IndexOf(observers, observer);
                observers = [.. observers[..at], .. observers[(at + 1)..]];
            }
        }
    }
}
