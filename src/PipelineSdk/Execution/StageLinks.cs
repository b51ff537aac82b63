namespace PipelineSdk.Execution;

/// <summary>The links between neighbouring stages, one in each direction.</summary>
internal sealed class StageLinks
{
    private readonly Link<ForwardMessage>[] forward;
    private readonly Link<BackwardMessage>[] backward;

    public StageLinks(int stages, int capacity, int microBatches, bool spin)
    {
        LastStage = stages - 1;
        MicroBatches = microBatches;
        forward = [.. Enumerable.Range(0, LastStage).Select(_ => new Link<ForwardMessage>(capacity, spin))];
        backward = [.. Enumerable.Range(0, LastStage).Select(_ => new Link<BackwardMessage>(capacity, spin))];
    }

    public int LastStage { get; }

    /// <summary>The largest number of micro-batches the capacity was chosen for.</summary>
    public int MicroBatches { get; }

    /// <summary>The link on which a stage after the first receives values.</summary>
    public Link<ForwardMessage> Forward(int stage) => forward[stage - 1];

    /// <summary>The link on which a stage before the last receives gradients.</summary>
    public Link<BackwardMessage> Backward(int stage) => backward[stage];

    /// <summary>Wakes everyone who waits; the step is given up.</summary>
    public void Abort()
    {
        foreach (var link in forward) link.Abort();
        foreach (var link in backward) link.Abort();
    }

    /// <summary>Releases what was on its way, after every worker has stopped.</summary>
    public void Reset()
    {
        foreach (var link in forward) link.Reset(message => BoundaryTensors.Dispose(message.Values));
        foreach (var link in backward) link.Reset(message => MicroBatchState.ReleaseAll(message.Gradients));
    }
}
