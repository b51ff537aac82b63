namespace PipelineSdk.Benchmarks.Speed;

/// <summary>One contender's figures.</summary>
/// <param name="Name">Who.</param>
/// <param name="Kind">Who, of which kind.</param>
/// <param name="Rounds">The median seconds of a step, of every round.</param>
/// <param name="RoundsOverOneThread">The speed over one thread that runs the same micro-batches, of every round.</param>
/// <param name="OverAllCores">The speed over the uncut model on all cores: the median of the rounds.</param>
internal sealed record SpeedRow(string Name, ContenderKind Kind, IReadOnlyList<double> Rounds, IReadOnlyList<double> RoundsOverOneThread, double OverAllCores)
{
    /// <summary>Median seconds of a step.</summary>
    public double Seconds => Statistics.Median(Rounds);

    /// <summary>The speed over one thread: the median of the rounds.</summary>
    public double OverOneThread => Statistics.Median(RoundsOverOneThread);

    /// <summary>
    /// By what percentage it was slower in the second half of the rounds than in the first; null for a single round. Over one thread, because the machine itself may be
    /// faster in one half than in the other.
    /// </summary>
    public double? Drift
    {
        get
        {
            var half = RoundsOverOneThread.Count / 2;
            return half == 0 ? null
                : 100 * ((Statistics.Median([.. RoundsOverOneThread.Take(half)]) / Statistics.Median([.. RoundsOverOneThread.TakeLast(half)])) - 1);
        }
    }

    /// <summary>What is known of a pipeline's limits; null of others.</summary>
    public PipelineLimits? Limits { get; init; }

    /// <summary>How much of the bound was reached.</summary>
    public double? Efficiency => OverOneThread / Limits?.Bound;

    /// <summary>How much was reached of what these cores give.</summary>
    public double? OfCores => OverOneThread / Limits?.OnTheseCores;
}
