namespace PipelineSdk.Execution;

/// <summary>The way over one boundary in one direction: one sender, one receiver, first in, first out.</summary>
internal interface IStageLink<T>
{
    /// <summary>Whether the receiver waits and there is nothing to take. For any thread.</summary>
    bool IsReceiverBlocked { get; }

    /// <summary>Whether the sender waits and there is no room. For any thread.</summary>
    bool IsSenderBlocked { get; }

    /// <summary>Hands a value on. False where the step was given up: the value stays the caller's.</summary>
    bool TryPut(T item);

    /// <summary>Takes the oldest value. False where the step was given up.</summary>
    bool TryTake(out T item);

    /// <summary>Wakes whoever waits: the step is given up.</summary>
    void Abort();

    /// <summary>Empties the link into <paramref name="release"/> and clears an abort. Only while neither side uses the link.</summary>
    void Reset(Action<T> release);
}
