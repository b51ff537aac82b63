using System.Diagnostics;

namespace PipelineSdk.Execution;

/// <summary>
/// Where a worker is in its program. Written by the worker, two words at every turn, and read by whoever waits for it: no locks, nothing allocated.
/// </summary>
internal sealed class WorkerProgress
{
    private const int PhaseBits = 3;

    // Slot and phase in one word, so that they belong together. It only grows within a step: the same value twice is the same moment.
    private long position;
    private long since;

    /// <summary>Notes that the worker turned to another phase.</summary>
    public void Enter(int slot, WorkerPhase phase, long timestamp)
    {
        Volatile.Write(ref since, timestamp);
        Volatile.Write(ref position, ((long)slot << PhaseBits) | (long)phase);
    }

    /// <summary>As the other overload, now.</summary>
    public void Enter(int slot, WorkerPhase phase) => Enter(slot, phase, Stopwatch.GetTimestamp());

    /// <summary>Where the worker is. The time may be that of the phase that begins just now.</summary>
    public WorkerPosition Read()
    {
        var read = Volatile.Read(ref position);
        return new WorkerPosition((int)(read >> PhaseBits), (WorkerPhase)(read & ((1 << PhaseBits) - 1)), Volatile.Read(ref since));
    }
}

/// <summary>Where a worker is in its program.</summary>
/// <param name="Slot">Which of its actions is current.</param>
/// <param name="Phase">What it does with it.</param>
/// <param name="Since">Since when, as a <see cref="Stopwatch"/> timestamp.</param>
internal readonly record struct WorkerPosition(int Slot, WorkerPhase Phase, long Since)
{
    /// <summary>Whether both are the same moment of the same step.</summary>
    public bool IsAt(WorkerPosition other) => Slot == other.Slot && Phase == other.Phase;
}
