namespace PipelineSdk.Execution;

/// <summary>The way between two stages of one worker, as at the turn of a V: one thread on both sides, so that nobody ever waits.</summary>
internal sealed class LocalLink<T> : IStageLink<T>
{
    private readonly Queue<T> values = [];

    public bool IsReceiverBlocked => false;

    public bool IsSenderBlocked => false;

    public bool TryPut(T item)
    {
        values.Enqueue(item);
        return true;
    }

    /// <exception cref="InvalidOperationException">There is none: the worker's program runs the receiver before the sender.</exception>
    public bool TryTake(out T item)
    {
        if (values.TryDequeue(out item!)) return true;
        throw new InvalidOperationException("A stage takes a value that the stage before it, on the same worker, has not handed on yet.");
    }

    public void Abort()
    {
    }

    public void Reset(Action<T> release)
    {
        while (values.TryDequeue(out var value)) release(value);
    }
}
