using System.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>
/// What one worker did in one step, as raw timestamps. Written by its worker alone, read when the worker has reported that it is done:
/// no locks. Arrays are kept from step to step: recording an action allocates nothing.
/// </summary>
internal sealed class TimelineRecorder(int worker)
{
    private Entry[] entries = [];

    /// <summary>How many actions are recorded.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets the last step and makes room for the actions of the next.</summary>
    public void Reset(int count)
    {
        Count = 0;
        if (entries.Length < count) entries = new Entry[count];
    }

    /// <summary>Records an action that has ended. Times are <see cref="Stopwatch"/> timestamps.</summary>
    /// <param name="action">Stage, kind and micro-batch.</param>
    /// <param name="waitStart">When the worker turned to it.</param>
    /// <param name="start">When its input was there.</param>
    /// <param name="end">When its output had been handed over.</param>
    /// <param name="bytes">Bytes handed over.</param>
    /// <param name="workEnd">When its work was done; 0 where nothing was handed over.</param>
    /// <param name="paused">How long the garbage collector paused the process meanwhile.</param>
    /// <param name="recomputeTicks">How long the forward ran again.</param>
    public void Add(
        PipelineAction action, long waitStart, long start, long end, long bytes, long workEnd = 0, TimeSpan paused = default, long recomputeTicks = 0)
    {
        if (Count == entries.Length) Array.Resize(ref entries, Math.Max(16, 2 * Count));
        entries[Count++] = new Entry(action, waitStart, start, workEnd == 0 ? end : workEnd, end, bytes, paused, recomputeTicks);
    }

    /// <summary>Turns what all workers recorded into the actions of a <see cref="StepTimeline"/>.</summary>
    public static ActionRecord[] Collect(in StepClock clock, ReadOnlySpan<TimelineRecorder> recorders)
    {
        var count = 0;
        foreach (var recorder in recorders) count += recorder.Count;
        var records = new ActionRecord[count];
        var next = 0;
        foreach (var recorder in recorders)
        {
            for (var slot = 0; slot < recorder.Count; slot++) records[next++] = recorder.entries[slot].ToRecord(recorder.Worker, slot, clock);
        }

        return records;
    }

    private int Worker { get; } = worker;

    private readonly record struct Entry(PipelineAction Action, long WaitStart, long Start, long WorkEnd, long End, long Bytes, TimeSpan Paused, long RecomputeTicks)
    {
        public ActionRecord ToRecord(int worker, int slot, in StepClock clock)
        {
            var end = clock.Since(End);
            return new(worker, slot, Action, clock.Since(WaitStart), clock.Since(Start), end, Bytes, Stopwatch.GetElapsedTime(0, RecomputeTicks))
            {
                HandOver = end - clock.Since(WorkEnd),
                Paused = Paused,
            };
        }
    }
}
