namespace PipelineSdk.Schedules;

/// <summary>Collects one worker's actions in order, counting the micro-batches of each stage and kind.</summary>
internal sealed class ProgramWriter(int capacity)
{
    private readonly List<PipelineAction> actions = new(capacity);
    private readonly Dictionary<(int Stage, ActionKind Kind), int> counts = [];

    /// <summary>Adds an action.</summary>
    public void Add(int stage, ActionKind kind, int microBatch) => actions.Add(new(stage, kind, microBatch));

    /// <summary>Adds an action that reads or makes a version of the weights.</summary>
    public void Add(int stage, ActionKind kind, int microBatch, int weightVersion) =>
        actions.Add(new(stage, kind, microBatch) { WeightVersion = weightVersion });

    /// <summary>Adds the stage's forward of a micro-batch.</summary>
    public void Forward(int stage, int microBatch) => Add(stage, ActionKind.Forward, microBatch);

    /// <summary>Adds the stage's whole backward of a micro-batch.</summary>
    public void Backward(int stage, int microBatch) => Add(stage, ActionKind.Backward, microBatch);

    /// <summary>Adds the stage's action of a kind for its next micro-batch, and says which that is.</summary>
    public int Next(int stage, ActionKind kind)
    {
        counts.TryGetValue((stage, kind), out int microBatch);
        counts[(stage, kind)] = microBatch + 1;
        Add(stage, kind, microBatch);
        return microBatch;
    }

    /// <summary>The actions whose micro-batch is below a bound, in order.</summary>
    public PipelineAction[] ToArray(int microBatches) => actions.Where(action => action.MicroBatch < microBatches).ToArray();

    /// <summary>The actions, in order.</summary>
    public PipelineAction[] ToArray() => actions.ToArray();
}
