using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>Costs from counts alone, without running the model: good enough to cut by, until there is a profile.</summary>
/// <remarks>
/// Times are in arithmetic operations. A parameter takes part in a multiplication and an addition for every sample, in the
/// forward and in either gradient, and every element the segment computes is touched once in the forward and once in the input
/// gradient. Weights that are used many times per sample, as those of convolutions, are underrated.
/// </remarks>
public static class CostEstimate
{
    /// <summary>Estimates a segment.</summary>
    /// <param name="name">The segment's name.</param>
    /// <param name="samples">The samples of a micro-batch.</param>
    /// <param name="parameters">The elements of the segment's parameters.</param>
    /// <param name="activations">The elements, per sample, that the segment computes.</param>
    /// <param name="outputs">The elements, per sample, alive at the cut after it.</param>
    /// <param name="bytesPerElement">The size of an element.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or samples or element size are below 1.</exception>
    public static SegmentCosts FromCounts(
        string name, int samples, long parameters, long activations, long outputs, int bytesPerElement = 4)
    {
        Guard.AtLeast(1, samples, nameof(samples), "The number of samples");
        Guard.AtLeast(1, bytesPerElement, nameof(bytesPerElement), "The size of an element");
        double products = 2.0 * samples * Guard.NotNegative(parameters, nameof(parameters), "The number of parameters");
        double touched = (double)samples * Guard.NotNegative(activations, nameof(activations), "The number of activations");
        double sent = (double)samples * Guard.NotNegative(outputs, nameof(outputs), "The number of outputs");
        return new SegmentCosts(name, products + touched, products + touched, products)
        {
            ParameterBytes = Bytes(parameters),
            StateBytes = Bytes(parameters),
            ActivationBytes = Bytes(touched),
            OutputBytes = Bytes(sent),
        };

        long Bytes(double elements) => (long)Math.Min(elements * bytesPerElement, 1L << 60);
    }
}
