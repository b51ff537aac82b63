using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>A model's segments and what they cost.</summary>
public sealed class ModelProfile
{
    /// <summary>Takes the costs.</summary>
    /// <param name="model">The model's class name.</param>
    /// <param name="samples">The samples of the micro-batch that the costs are of, at least 1.</param>
    /// <param name="segments">The segments' costs, in the order in which the model runs them; at least one.</param>
    /// <exception cref="ArgumentException">There are no segments.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of samples is below 1.</exception>
    public ModelProfile(string model, int samples, IReadOnlyList<SegmentCosts> segments)
    {
        Model = Guard.NotNull(model, nameof(model));
        Samples = Guard.AtLeast(1, samples, nameof(samples), "The number of samples");
        Segments = Guard.NotNull(segments, nameof(segments)).Select(segment => Guard.NotNull(segment, nameof(segments))).ToArray();
        if (Segments.Count == 0)
        {
            throw new ArgumentException($"The profile of {model} has no segments.", nameof(segments));
        }
    }

    /// <summary>The model's class name.</summary>
    public string Model { get; }

    /// <summary>The samples of the micro-batch that the costs are of.</summary>
    public int Samples { get; }

    /// <summary>The segments' costs, in order.</summary>
    public IReadOnlyList<SegmentCosts> Segments { get; }

    /// <summary>The unit of all times, such as <c>ms</c>.</summary>
    public string Unit { get; init => field = Guard.NotNull(value, nameof(Unit)); } = "ms";

    /// <summary>
    /// The time of an action whatever its micro-batch holds, besides what the segments cost. It is what keeps ever smaller
    /// micro-batches from being ever better.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public double ActionOverhead { get; init => field = Guard.NotNegative(value, nameof(ActionOverhead), "The time of an action"); }

    /// <summary>The costs for micro-batches of another size: times, activations and outputs grow with it, parameters do
    /// not.</summary>
    /// <param name="samples">The samples of a micro-batch; a mean may be broken.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not above 0.</exception>
    public IReadOnlyList<SegmentCosts> ScaledTo(double samples)
    {
        double factor = samples > 0 && !double.IsInfinity(samples)
            ? samples / Samples
            : throw new ArgumentOutOfRangeException(nameof(samples), samples, "The number of samples must be above 0.");
        return Segments.Select(segment => segment with
        {
            Forward = segment.Forward * factor,
            InputGradient = segment.InputGradient * factor,
            WeightGradient = segment.WeightGradient * factor,
            ActivationBytes = Scale(segment.ActivationBytes),
            OutputBytes = Scale(segment.OutputBytes),
        }).ToArray();

        long Scale(long bytes) => (long)Math.Min(Math.Ceiling(bytes * factor), 1L << 60);
    }
}
