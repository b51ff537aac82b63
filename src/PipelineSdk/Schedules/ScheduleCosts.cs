namespace PipelineSdk.Schedules;

/// <summary>What the simulator is given: times in any one unit, sizes in bytes.</summary>
public sealed class ScheduleCosts
{
    /// <summary>The costs of each stage; links cost nothing unless set.</summary>
    /// <param name="stages">One entry per stage.</param>
    public ScheduleCosts(IReadOnlyList<StageCosts> stages)
    {
        Stages = Guard.NotNull(stages, nameof(stages)).ToArray();
        foreach (var stage in Stages)
        {
            Guard.NotNull(stage, nameof(stages));
        }
    }

    /// <summary>The costs of each stage.</summary>
    public IReadOnlyList<StageCosts> Stages { get; }

    /// <summary>The time a message takes to another worker besides what its size costs; 0 within a worker.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public double LinkLatency { get; init => field = Guard.NotNegative(value, nameof(LinkLatency), "The link latency"); }

    /// <summary>
    /// The bytes that pass from one worker to another in a unit of time; unbounded unless set. Messages between the same two
    /// workers in the same direction follow one another; the sender goes on working.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The bandwidth is 0, negative or not a number.</exception>
    public double LinkBandwidth
    {
        get;
        init => field = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LinkBandwidth), value, "The link bandwidth must be above 0.");
    }
        = double.PositiveInfinity;

    /// <summary>The messages a link can hold before its sender waits; unbounded unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    public int? LinkCapacity
    {
        get;
        init => field = value is int capacity ? Guard.AtLeast(1, capacity, nameof(LinkCapacity), "The link capacity") : null;
    }

    /// <summary>The same costs for every stage.</summary>
    /// <param name="stages">How many stages.</param>
    /// <param name="costs">The costs of each.</param>
    public static ScheduleCosts Equal(int stages, StageCosts costs) =>
        new(Enumerable.Repeat(costs, Guard.AtLeast(1, stages, nameof(stages), "The number of stages")).ToArray());

    /// <summary>These stages, with links that cost nothing and hold everything.</summary>
    internal ScheduleCosts WithFreeLinks() => new(Stages);

    /// <summary>Stages that all take the mean time of these, with links that cost nothing and hold everything.</summary>
    internal ScheduleCosts Balanced() => Equal(Stages.Count, new StageCosts(
        Stages.Average(stage => stage.Forward), Stages.Average(stage => stage.InputGradient), Stages.Average(stage => stage.WeightGradient))
    {
        Backward = Stages.Average(stage => stage.Backward),
        Update = Stages.Average(stage => stage.Update),
    });
}
