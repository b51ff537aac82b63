namespace PipelineSdk.Schedules;

/// <summary>
/// A rule that yields every worker's program from a shape. Pure data: the runtime executes programs and knows no schedule by
/// name.
/// </summary>
/// <remarks>
/// To write one, derive from this class and give it a <see cref="Name"/> and a <see cref="Build"/>; say in <see cref="WhyNot"/>
/// which shapes it is not defined for. Nothing else is needed: <see cref="ScheduleCheck"/> proves every program before it runs.
/// </remarks>
public abstract class PipelineSchedule
{
    /// <summary>All forwards, then all backwards (Huang et al., GPipe, 2019).</summary>
    public static PipelineSchedule GPipe { get; } = new GPipeSchedule();

    /// <summary>One forward, one backward in turn after a short warm-up (Narayanan et al., PipeDream-Flush, 2019 and
    /// 2021).</summary>
    public static PipelineSchedule OneForwardOneBackward { get; } = new OneForwardOneBackwardSchedule();

    /// <summary>1F1B over several stages per worker (Narayanan et al., Megatron-LM, 2021).</summary>
    public static PipelineSchedule InterleavedOneForwardOneBackward { get; } = new InterleavedOneForwardOneBackwardSchedule();

    /// <summary>GPipe over several stages per worker, stage by stage (Lamy-Poirier, Breadth-First Pipeline Parallelism,
    /// 2022).</summary>
    public static PipelineSchedule LoopedBreadthFirst { get; } = new LoopedBreadthFirstSchedule();

    /// <summary>1F1B with weight gradients moved into the bubbles (Qi et al., Zero Bubble Pipeline Parallelism, 2023).</summary>
    public static PipelineSchedule ZeroBubbleH1 { get; } = new ZeroBubbleH1Schedule();

    /// <summary>ZB-H1 over several stages per worker (Qi et al., 2023).</summary>
    public static PipelineSchedule InterleavedZeroBubble { get; } = new InterleavedZeroBubbleSchedule();

    /// <summary>Two stages per worker in the form of a V, with split backwards (Qi et al., 2023).</summary>
    public static PipelineSchedule ZeroBubbleV { get; } = new ZeroBubbleVSchedule();

    /// <summary>Two stages per worker in the form of a V, forwards and backwards of both in turn (DeepSeek-AI, 2024).</summary>
    public static PipelineSchedule DualPipeV { get; } = new DualPipeVSchedule();

    /// <summary>The V with half the activation memory of 1F1B (Qi et al., Pipeline Parallelism with Controllable Memory,
    /// 2024).</summary>
    public static PipelineSchedule VHalf { get; } = new VHalfSchedule();

    /// <summary>The V with a third of the activation memory of 1F1B (Qi et al., 2024).</summary>
    public static PipelineSchedule VMin { get; } = new VMinSchedule();

    /// <summary>One micro-batch at a time through all stages: naive model parallelism.</summary>
    public static PipelineSchedule Sequential { get; } = new SequentialSchedule();

    /// <summary>Forwards alone, for evaluation and inference.</summary>
    public static PipelineSchedule ForwardOnly { get; } = new ForwardOnlySchedule();

    /// <summary>1F1B without flushes, with weight stashing (Narayanan et al., PipeDream, 2019). Asynchronous.</summary>
    public static PipelineSchedule PipeDream { get; } = new PipeDreamSchedule();

    /// <summary>1F1B without flushes, with two versions of the weights (Narayanan et al., 2021). Asynchronous.</summary>
    public static PipelineSchedule PipeDreamTwoBufferedWeights { get; } = new PipeDreamTwoBufferedWeightsSchedule();

    /// <summary>The name in tables, spans and plans, such as <c>1F1B</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Builds the programs of all workers.</summary>
    /// <exception cref="ArgumentException">The shape is not one this schedule is defined for; the message says which
    /// are.</exception>
    public abstract ScheduleProgram Build(ScheduleShape shape);

    /// <summary>Why this schedule is not defined for a shape.</summary>
    /// <returns>A sentence for the person who asked for it, or null where <see cref="Build"/> works.</returns>
    public virtual string? WhyNot(ScheduleShape shape) => null;

    /// <summary>The shapes nearest to one this schedule is not defined for, nearest first.</summary>
    /// <param name="shape">The shape wanted.</param>
    /// <param name="count">The most shapes to return, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    public IReadOnlyList<ScheduleShape> NearestShapes(ScheduleShape shape, int count = 3) =>
        NeighbouringShapes.Of(Guard.NotNull(shape, nameof(shape)))
            .Where(candidate => WhyNot(candidate) is null)
            .Take(Guard.AtLeast(1, count, nameof(count), "The number of shapes"))
            .ToArray();

    /// <inheritdoc/>
    public sealed override string ToString() => Name;

    /// <summary>Refuses a shape this schedule is not defined for, with the nearest ones that are.</summary>
    /// <exception cref="ArgumentException">The shape is refused.</exception>
    internal ScheduleShape Accept(ScheduleShape shape) =>
        Refusal(shape) is { } refusal ? throw new ArgumentException(refusal, nameof(shape)) : shape;

    /// <summary>Why this schedule is not defined for a shape, with the nearest ones that it is defined for; null where it is.</summary>
    internal string? Refusal(ScheduleShape shape)
    {
        if (WhyNot(Guard.NotNull(shape, nameof(shape))) is not { } reason)
        {
            return null;
        }

        var nearest = NearestShapes(shape);
        return nearest.Count == 0 ? reason : $"{reason} What works: {string.Join("; ", nearest)}.";
    }
}
