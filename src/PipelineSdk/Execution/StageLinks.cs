using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>The links between neighbouring stages, one in each direction: queues between workers, lists within one.</summary>
internal sealed class StageLinks
{
    private readonly IReadOnlyList<int> workerOfStage;
    private readonly IStageLink<ForwardMessage>[] forward;
    private readonly IStageLink<BackwardMessage>[] backward;

    /// <param name="workerOfStage">The worker of each stage.</param>
    /// <param name="capacity">Values that a link between two workers holds, at least 1.</param>
    /// <param name="microBatches">The micro-batches the capacity was chosen for.</param>
    /// <param name="spin">Whether waiting may spin first.</param>
    public StageLinks(IReadOnlyList<int> workerOfStage, int capacity, int microBatches, bool spin)
    {
        this.workerOfStage = workerOfStage;
        LastStage = workerOfStage.Count - 1;
        MicroBatches = microBatches;
        forward = [.. Enumerable.Range(1, LastStage).Select(stage => Create<ForwardMessage>(stage, capacity, spin))];
        backward = [.. Enumerable.Range(1, LastStage).Select(stage => Create<BackwardMessage>(stage, capacity, spin))];
    }

    public int LastStage { get; }

    /// <summary>The largest number of micro-batches the capacity was chosen for.</summary>
    public int MicroBatches { get; }

    /// <summary>The link on which a stage after the first receives values.</summary>
    public IStageLink<ForwardMessage> Forward(int stage) => forward[stage - 1];

    /// <summary>The link on which a stage before the last receives gradients.</summary>
    public IStageLink<BackwardMessage> Backward(int stage) => backward[stage];

    /// <summary>Whether another worker runs the stage before a stage after the first.</summary>
    public bool ChangesWorkerBefore(int stage) => workerOfStage[stage - 1] != workerOfStage[stage];

    /// <summary>Whether the worker that takes an action's input, or hands its result on, is blocked. For any thread.</summary>
    public bool IsBlocked(PipelineAction action, WorkerPhase phase) => (action.Kind, phase) switch
    {
        (ActionKind.Forward, WorkerPhase.TakesInput) => action.Stage > 0 && Forward(action.Stage).IsReceiverBlocked,
        (ActionKind.Forward, WorkerPhase.HandsOn) => action.Stage < LastStage && Forward(action.Stage + 1).IsSenderBlocked,
        (ActionKind.Backward or ActionKind.InputGradient, WorkerPhase.TakesInput) => action.Stage < LastStage && Backward(action.Stage).IsReceiverBlocked,
        (ActionKind.Backward or ActionKind.InputGradient, WorkerPhase.HandsOn) => action.Stage > 0 && Backward(action.Stage - 1).IsSenderBlocked,
        _ => false,
    };

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

    private IStageLink<T> Create<T>(int stage, int capacity, bool spin)
        => ChangesWorkerBefore(stage) ? new Link<T>(capacity, spin) : new LocalLink<T>();
}
