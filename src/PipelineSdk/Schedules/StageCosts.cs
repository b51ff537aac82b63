namespace PipelineSdk.Schedules;

/// <summary>What one stage costs per micro-batch: times in any one unit, sizes in bytes.</summary>
/// <param name="Forward">The time of F.</param>
/// <param name="InputGradient">The time of I.</param>
/// <param name="WeightGradient">The time of W.</param>
/// <exception cref="ArgumentOutOfRangeException">A time or size is negative, or a time not finite.</exception>
public sealed record StageCosts(double Forward, double InputGradient, double WeightGradient)
{
    /// <summary>The time of F.</summary>
    public double Forward { get; init => field = Guard.NotNegative(value, nameof(Forward), "The time of a forward"); }
        = Guard.NotNegative(Forward, nameof(Forward), "The time of a forward");

    /// <summary>The time of I.</summary>
    public double InputGradient { get; init => field = Guard.NotNegative(value, nameof(InputGradient), "The time of an input gradient"); }
        = Guard.NotNegative(InputGradient, nameof(InputGradient), "The time of an input gradient");

    /// <summary>The time of W.</summary>
    public double WeightGradient { get; init => field = Guard.NotNegative(value, nameof(WeightGradient), "The time of a weight gradient"); }
        = Guard.NotNegative(WeightGradient, nameof(WeightGradient), "The time of a weight gradient");

    /// <summary>The time of B; the sum of I and W unless set.</summary>
    public double Backward
    {
        get => double.IsNaN(field) ? InputGradient + WeightGradient : field;
        init => field = Guard.NotNegative(value, nameof(Backward), "The time of a backward");
    }
        = double.NaN;

    /// <summary>The time of U, the optimizer's step for the stage; 0 unless set.</summary>
    public double Update { get; init => field = Guard.NotNegative(value, nameof(Update), "The time of an update"); }

    /// <summary>The bytes the stage hands to the next one; the gradient that comes back is as large.</summary>
    public long OutputBytes { get; init => field = Guard.NotNegative(value, nameof(OutputBytes), "The size of an output"); }

    /// <summary>The bytes held for a micro-batch from its forward until its last gradient.</summary>
    public long ActivationBytes { get; init => field = Guard.NotNegative(value, nameof(ActivationBytes), "The size of the activations"); }

    /// <summary>
    /// Of a split backward: the bytes held for a micro-batch from its input gradient until its weight gradient. As many as
    /// <see cref="ActivationBytes"/> unless set.
    /// </summary>
    public long WeightGradientBytes
    {
        get => field < 0 ? ActivationBytes : field;
        init => field = Guard.NotNegative(value, nameof(WeightGradientBytes), "The size of what a weight gradient needs");
    }
        = -1;

    /// <summary>The bytes of one version of the stage's weights.</summary>
    public long WeightBytes { get; init => field = Guard.NotNegative(value, nameof(WeightBytes), "The size of the weights"); }

    /// <summary>The bytes held all the time besides the weights: gradients, optimizer state, buffers.</summary>
    public long StateBytes { get; init => field = Guard.NotNegative(value, nameof(StateBytes), "The size of the state"); }

    /// <summary>The time of an action of the given kind.</summary>
    public double Of(ActionKind kind) => kind switch
    {
        ActionKind.Forward => Forward,
        ActionKind.Backward => Backward,
        ActionKind.InputGradient => InputGradient,
        ActionKind.WeightGradient => WeightGradient,
        _ => Update,
    };
}
