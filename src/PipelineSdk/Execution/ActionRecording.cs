using System.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>Times one action, says where the worker is, and keeps the action's span where somebody listens.</summary>
internal struct ActionRecording(WorkerNotes notes, StepRun step, PipelineAction action, int slot, string stageName, StageDevice device)
{
    private readonly long waitStart = Stopwatch.GetTimestamp();
    private long start;
    private long bytes;
    private long workEnd;
    private TimeSpan pauses;
    private Activity? span;

    /// <summary>How long the forward ran again.</summary>
    public long RecomputeTicks { get; set; }

    public readonly ActivityContext Context => span?.Context ?? default;

    public readonly void TakeInput() => notes.Progress.Enter(slot, WorkerPhase.TakesInput, waitStart);

    public void Start(ActivityContext producer)
    {
        pauses = GC.GetTotalPauseDuration();
        start = Stopwatch.GetTimestamp();
        notes.Progress.Enter(slot, WorkerPhase.Runs, start);
        span = step.Span?.StartAction(
            action, stageName, notes.Worker, slot, device.Name, producer, waitStart, start, device.IsWaitedFor);
    }

    /// <summary>The result goes to another worker from here on.</summary>
    public void HandOn(long size)
    {
        bytes = size;
        workEnd = Stopwatch.GetTimestamp();
        notes.Progress.Enter(slot, WorkerPhase.HandsOn, workEnd);
    }

    public readonly void End(Exception? failure = null)
    {
        if (start == 0) return;
        var end = Stopwatch.GetTimestamp();
        notes.Recorder.Add(action, waitStart, start, end, bytes, workEnd, GC.GetTotalPauseDuration() - pauses, RecomputeTicks);
        step.Span?.EndAction(span, bytes, end, failure, RecomputeTicks);
    }
}
