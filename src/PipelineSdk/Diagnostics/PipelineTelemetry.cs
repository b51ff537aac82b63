using System.Diagnostics;
using System.Reflection;

namespace PipelineSdk.Diagnostics;

/// <summary>The source of all spans, and where a step's span begins.</summary>
internal static class PipelineTelemetry
{
    /// <summary>The version of the source and the meter: the package's.</summary>
    public static readonly string Version =
        typeof(PipelineTelemetry).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    private static readonly ActivitySource Source = new(PipelineSdkDiagnostics.ActivitySourceName, Version);

    private static long listenerFaults;
    private static Exception? lastListenerFault;

    /// <summary>Whether anybody listens to the source at all.</summary>
    public static bool Listening => Source.HasListeners();

    /// <summary>How many exceptions of listeners were swallowed: whoever watches must not stop the training.</summary>
    public static long ListenerFaults => Interlocked.Read(ref listenerFaults);

    /// <summary>The last of them; null where there was none.</summary>
    public static Exception? LastListenerFault => Volatile.Read(ref lastListenerFault);

    /// <summary>Counts an exception of a listener that was swallowed, and says so the first time.</summary>
    public static void CountListenerFault(Exception error)
    {
        Volatile.Write(ref lastListenerFault, error);
        if (Interlocked.Increment(ref listenerFaults) == 1) PipelineEventSource.Log.ListenerFailed(error.ToString());
    }

    /// <summary>
    /// Begins the span of a step on the calling thread, or returns null where nobody wants it. Then nobody gets its actions either,
    /// and <c>step?.StartAction(...)</c> costs a null check.
    /// </summary>
    public static StepSpan? StartStep(
        in StepClock clock, string pipeline, string schedule, string mode, long step, int workers, int microBatches) =>
        Source.HasListeners() ? StartListenedStep(clock, pipeline, schedule, mode, step, workers, microBatches) : null;

    /// <summary>Begins an activity. A listener that throws costs its span, not the step, and leaves the thread's current activity alone.</summary>
    internal static Activity? Start(string name, ActivityContext parent, ActivityLink[]? links, DateTimeOffset startedAt)
    {
        var before = Activity.Current;
        try
        {
            return Source.StartActivity(name, ActivityKind.Internal, parent, tags: null, links, startedAt);
        }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CountListenerFault(fault);
            Activity.Current = before;
            return null;
        }
    }

    /// <summary>Ends an activity on the thread that began it, with the failure if there was one.</summary>
    internal static void Stop(Activity activity, DateTimeOffset endedAt, Exception? error)
    {
        var previous = activity.Parent;
        try
        {
            if (error is not null) Fail(activity, error);
            activity.SetEndTime(endedAt.UtcDateTime);
            activity.Stop();
        }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            CountListenerFault(fault);
            Activity.Current = previous;
        }
    }

    private static StepSpan? StartListenedStep(
        in StepClock clock, string pipeline, string schedule, string mode, long step, int workers, int microBatches)
    {
        var activity = Start(PipelineSdkDiagnostics.StepSpan, parent: default, links: null, clock.StartedAt);
        if (activity is null) return null;
        if (activity.IsAllDataRequested)
        {
            activity.AddTag(PipelineAttributes.PipelineName, pipeline);
            activity.AddTag(PipelineAttributes.ScheduleName, schedule);
            activity.AddTag(PipelineAttributes.Mode, mode);
            activity.AddTag(PipelineAttributes.Step, step);
            activity.AddTag(PipelineAttributes.WorkerCount, Boxes.Of(workers));
            activity.AddTag(PipelineAttributes.MicroBatchCount, Boxes.Of(microBatches));
        }

        return new StepSpan(activity, clock, pipeline, schedule, step);
    }

    private static void Fail(Activity activity, Exception error)
    {
        activity.SetStatus(ActivityStatusCode.Error, error.Message);
        if (!activity.IsAllDataRequested) return;
        // What the user's code threw says more than that a step failed, and has the stack.
        var cause = PipelineException.CauseOf(error);
        activity.AddTag(PipelineAttributes.ErrorType, cause.GetType().FullName);
        activity.AddException(cause);
    }
}
