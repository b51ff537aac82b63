namespace PipelineSdk.Schedules;

/// <summary>The ordered actions of every worker, for one step.</summary>
public sealed class ScheduleProgram
{
    private readonly int[] workerOfStage;

    /// <summary>Takes the programs; <see cref="ScheduleCheck"/> proves them.</summary>
    /// <param name="scheduleName">The schedule's name.</param>
    /// <param name="shape">The shape they were built for.</param>
    /// <param name="workerOfStage">The worker that owns each stage.</param>
    /// <param name="workers">Each worker's actions, in order.</param>
    public ScheduleProgram(
        string scheduleName, ScheduleShape shape, IReadOnlyList<int> workerOfStage, IReadOnlyList<IReadOnlyList<PipelineAction>> workers)
    {
        ScheduleName = Guard.NotNull(scheduleName, nameof(scheduleName));
        Shape = Guard.NotNull(shape, nameof(shape));
        this.workerOfStage = Guard.NotNull(workerOfStage, nameof(workerOfStage)).ToArray();
        Workers = Guard.NotNull(workers, nameof(workers)).Select(actions => Guard.NotNull(actions, nameof(workers)).ToArray()).ToArray();
        IsAsynchronous = Workers.Any(actions => actions.Any(action => action.Kind == ActionKind.Update));
    }

    /// <summary>The schedule's name.</summary>
    public string ScheduleName { get; }

    /// <summary>The shape the programs were built for.</summary>
    public ScheduleShape Shape { get; }

    /// <summary>Each worker's actions, in order.</summary>
    public IReadOnlyList<IReadOnlyList<PipelineAction>> Workers { get; }

    /// <summary>
    /// Whether stages step their own optimizers within the program, so that micro-batches read different versions of the weights.
    /// Such a program covers a whole run, not one step.
    /// </summary>
    public bool IsAsynchronous { get; }

    /// <summary>How many stages have an owner.</summary>
    internal int PlacedStages => workerOfStage.Length;

    /// <summary>The worker that owns a stage.</summary>
    public int WorkerOf(int stage) => workerOfStage[stage];
}
