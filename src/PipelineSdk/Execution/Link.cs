namespace PipelineSdk.Execution;

/// <summary>
/// A bounded queue from one worker to another: one producer, one consumer, first in, first out. Whoever has to wait spins
/// briefly, then blocks.
/// </summary>
/// <remarks>
/// Head and tail only ever grow; each is written by one side. A side that blocks raises its flag under the lock and looks once
/// more; the other side publishes, then looks at the flag. The fences between make sure that one of the two sees the other.
/// </remarks>
internal sealed class Link<T> : IStageLink<T>
{
    private readonly T[] ring;
    private readonly int spins;
    private readonly object gate = new();
    private long head;
    private long tail;
    private bool consumerWaits;
    private bool producerWaits;
    private volatile bool aborted;

    /// <param name="capacity">Values held before the producer waits, at least 1.</param>
    /// <param name="spin">Whether waiting may spin first: only where every worker has a core of its own.</param>
    public Link(int capacity, bool spin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ring = new T[capacity];
        spins = spin ? 200 : 0;
    }

    /// <summary>Values in the queue.</summary>
    public int Count => (int)(Volatile.Read(ref tail) - Volatile.Read(ref head));

    public bool IsReceiverBlocked
    {
        get
        {
            lock (gate) return consumerWaits && Count == 0 && !aborted;
        }
    }

    public bool IsSenderBlocked
    {
        get
        {
            lock (gate) return producerWaits && Count == ring.Length && !aborted;
        }
    }

    /// <summary>Hands a value on; waits while the queue is full. False where the step was given up: the value stays the caller's.</summary>
    public bool TryPut(T item)
    {
        if (!WaitFor(static link => link.Count < link.ring.Length, ref producerWaits)) return false;
        ring[tail % ring.Length] = item;
        Volatile.Write(ref tail, tail + 1);
        Wake(ref consumerWaits);
        return true;
    }

    /// <summary>Takes the oldest value; waits while there is none. False where the step was given up.</summary>
    public bool TryTake(out T item)
    {
        if (!WaitFor(static link => link.Count > 0, ref consumerWaits))
        {
            item = default!;
            return false;
        }

        item = TakeOldest();
        Wake(ref producerWaits);
        return true;
    }

    /// <summary>Makes every waiting and later call return false until <see cref="Reset"/>.</summary>
    public void Abort()
    {
        aborted = true;
        lock (gate) Monitor.PulseAll(gate);
    }

    /// <summary>Empties the queue into <paramref name="release"/> and clears an abort. Only while neither side uses the link.</summary>
    public void Reset(Action<T> release)
    {
        while (Count > 0) release(TakeOldest());
        aborted = false;
    }

    private T TakeOldest()
    {
        var index = head % ring.Length;
        var item = ring[index];
        ring[index] = default!;
        Volatile.Write(ref head, head + 1);
        return item;
    }

    private bool WaitFor(Func<Link<T>, bool> ready, ref bool waits)
    {
        for (var i = 0; i < spins; i++)
        {
            if (aborted) return false;
            if (ready(this)) return true;
            Thread.SpinWait(20);
        }

        if (aborted) return false;
        if (ready(this)) return true;
        lock (gate)
        {
            Volatile.Write(ref waits, true);
            Interlocked.MemoryBarrier();
            while (!aborted && !ready(this)) Monitor.Wait(gate);
            Volatile.Write(ref waits, false);
            return !aborted;
        }
    }

    private void Wake(ref bool waits)
    {
        Interlocked.MemoryBarrier();
        if (!Volatile.Read(ref waits)) return;
        lock (gate) Monitor.PulseAll(gate);
    }
}
