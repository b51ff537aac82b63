using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>What one segment of a model costs per micro-batch: times in any one unit, sizes in bytes.</summary>
/// <param name="Name">The segment's name, for messages and plans.</param>
/// <param name="Forward">The time of its forward.</param>
/// <param name="InputGradient">The time of the gradient of its input.</param>
/// <param name="WeightGradient">The time of the gradients of its weights.</param>
/// <exception cref="ArgumentOutOfRangeException">A time or size is negative, or a time not finite.</exception>
public sealed record SegmentCosts(string Name, double Forward, double InputGradient, double WeightGradient)
{
    /// <summary>The segment's name.</summary>
    public string Name { get; init => field = Guard.NotNull(value, nameof(Name)); } = Guard.NotNull(Name, nameof(Name));

    /// <summary>The time of its forward.</summary>
    public double Forward { get; init => field = Guard.NotNegative(value, nameof(Forward), "The time of a forward"); }
        = Guard.NotNegative(Forward, nameof(Forward), "The time of a forward");

    /// <summary>The time of the gradient of its input.</summary>
    public double InputGradient { get; init => field = Guard.NotNegative(value, nameof(InputGradient), "The time of an input gradient"); }
        = Guard.NotNegative(InputGradient, nameof(InputGradient), "The time of an input gradient");

    /// <summary>The time of the gradients of its weights.</summary>
    public double WeightGradient { get; init => field = Guard.NotNegative(value, nameof(WeightGradient), "The time of a weight gradient"); }
        = Guard.NotNegative(WeightGradient, nameof(WeightGradient), "The time of a weight gradient");

    /// <summary>The bytes alive at the cut after the segment, which go to the next one.</summary>
    public long OutputBytes { get; init => field = Guard.NotNegative(value, nameof(OutputBytes), "The size of an output"); }

    /// <summary>The bytes held for a micro-batch from its forward until its last gradient.</summary>
    public long ActivationBytes { get; init => field = Guard.NotNegative(value, nameof(ActivationBytes), "The size of the activations"); }

    /// <summary>The bytes of its parameters.</summary>
    public long ParameterBytes { get; init => field = Guard.NotNegative(value, nameof(ParameterBytes), "The size of the parameters"); }

    /// <summary>The bytes held all the time besides the parameters: gradients, optimizer state, buffers.</summary>
    public long StateBytes { get; init => field = Guard.NotNegative(value, nameof(StateBytes), "The size of the state"); }

    /// <summary>The stage it has to be in, counted from 0; null where the choice is open.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The stage is negative.</exception>
    public int? PinnedStage
    {
        get;
        init => field = value is int stage ? Guard.AtLeast(0, stage, nameof(PinnedStage), "A stage") : null;
    }

    /// <summary>Whether a stage may end here. True unless set; what follows the last segment does not matter.</summary>
    public bool CanCutAfter { get; init; } = true;

    /// <summary>The time of its forward and of all its gradients.</summary>
    public double Total => Forward + InputGradient + WeightGradient;
}
