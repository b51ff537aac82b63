using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Mean and variance per channel of what a layer received.</summary>
/// <param name="Count">Values per channel.</param>
/// <param name="Mean">The mean of each channel.</param>
/// <param name="Variance">The unbiased variance of each channel; of no meaning where there is one value.</param>
internal sealed record BatchStatistics(long Count, Tensor Mean, Tensor Variance) : IDisposable
{
    /// <summary>The statistics of all parts together, in double precision, owned by the current dispose scope.</summary>
    /// <remarks>
    /// Sums of squares around the parts' means and of the means around the whole mean (Chan, Golub, LeVeque: Updating Formulae and a Pairwise Algorithm for Computing
    /// Sample Variances, 1979): no large numbers are subtracted.
    /// </remarks>
    /// <param name="parts">The parts, in the order in which they are added up.</param>
    public static BatchStatistics Combine(IReadOnlyList<BatchStatistics> parts)
    {
        var count = parts.Sum(part => part.Count);
        var mean = zeros_like(parts[0].Mean, ScalarType.Float64);
        foreach (var part in parts) mean += part.Mean.to(ScalarType.Float64) * ((double)part.Count / count);
        var squares = zeros_like(mean);
        foreach (var part in parts)
        {
            if (part.Count > 1) squares += part.Variance.to(ScalarType.Float64) * (part.Count - 1.0);
            squares += (part.Mean.to(ScalarType.Float64) - mean).square() * (double)part.Count;
        }

        return new BatchStatistics(count, mean, squares / (count - 1.0));
    }

    public void Dispose()
    {
        Mean.Dispose();
        Variance.Dispose();
    }
}
