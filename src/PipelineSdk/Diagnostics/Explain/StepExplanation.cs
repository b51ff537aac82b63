namespace PipelineSdk.Diagnostics;

/// <summary>Where the time of one step went: what it would have taken at best, and what each cause added.</summary>
/// <remarks>
/// The step's own program is run on paper several times, with one cause of delay more each time: equal stages, stages as measured, actions
/// as measured, pauses of the garbage collector, hand-over. What the step itself took longer than the last of these runs is the host's.
/// </remarks>
public sealed record StepExplanation
{
    /// <summary>The step as it ran.</summary>
    public required StepTimeline Step { get; init; }

    /// <summary>
    /// The work divided by the workers: every worker busy all the time, every action as long as is typical (the median of its stage and kind).
    /// </summary>
    public required TimeSpan Ideal { get; init; }

    /// <summary>What the schedule allows with the stages as they are: every action typical, hand-over and everything else free.</summary>
    public required TimeSpan Bound { get; init; }

    /// <summary>From the call until the last worker was done: <see cref="Ideal"/> and all of <see cref="Lost"/>.</summary>
    public TimeSpan Actual => Step.Duration;

    /// <summary>What each cause added.</summary>
    public required LostTime Lost { get; init; }

    /// <summary>What each stage costs, in order.</summary>
    public required IReadOnlyList<StageTime> Stages { get; init; }

    /// <summary>How each worker's time went, in order.</summary>
    public required IReadOnlyList<WorkerIdle> Workers { get; init; }

    /// <summary>What more micro-batches of the same size, or stages of equal cost, would bring.</summary>
    public required IReadOnlyList<Prospect> Prospects { get; init; }

    /// <summary>The step as <see cref="Bound"/> has it: the same actions at typical cost, for a picture beside that of the step itself.</summary>
    public required StepTimeline Planned { get; init; }

    /// <summary>The stage with the most work per micro-batch; null where nothing ran.</summary>
    public StageTime? SlowestStage => Stages.Where(stage => stage.PerMicroBatch > TimeSpan.Zero).MaxBy(stage => stage.PerMicroBatch);

    /// <summary>The ideal as a share of the actual time, 0 to 1.</summary>
    public double Efficiency => Actual > TimeSpan.Zero ? Ideal / Actual : 1;

    /// <summary>All of it as text, in several lines.</summary>
    public override string ToString() => ExplanationText.Of(this);

    internal static StepExplanation Of(StepTimeline step)
    {
        var graph = new TimelineGraph(step);
        var costs = new TypicalCosts(step, graph);
        var runs = new StepReplays(step, graph, costs);
        return new StepExplanation
        {
            Step = step,
            Ideal = runs.Ideal,
            Bound = runs.Bound,
            Lost = runs.Lost,
            Stages = costs.Stages,
            Workers = IdleAttribution.Of(step, graph, runs),
            Prospects = Diagnostics.Prospects.Of(step, costs, runs),
            Planned = runs.Planned(),
        };
    }
}
