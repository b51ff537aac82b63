namespace PipelineSdk.Training;

/// <summary>What each micro-batch weighs.</summary>
internal sealed class LossWeights
{
    private LossWeights(double[] ofLosses, double[] ofGradients)
    {
        OfLosses = ofLosses;
        OfGradients = ofGradients;
    }

    /// <summary>Factors with which the losses of micro-batches add up to the loss of the mini-batch.</summary>
    public IReadOnlyList<double> OfLosses { get; }

    /// <summary>Factors with which the gradients of micro-batches are added: what their backwards start from.</summary>
    public IReadOnlyList<double> OfGradients { get; }

    /// <summary>
    /// For a mean a micro-batch weighs its share of the elements that the mean is over: of all for the loss, of those that go into the same change
    /// of the weights for the gradients. For a sum each weighs 1.
    /// </summary>
    /// <param name="counts">Over how many elements the loss of each micro-batch is reduced.</param>
    /// <param name="reduction">How.</param>
    /// <param name="updateOf">Into which change of the weights each micro-batch goes; null where all go into one.</param>
    /// <param name="accumulationSteps">How many steps go into one change of the weights.</param>
    public static LossWeights Of(IReadOnlyList<double> counts, LossReduction reduction, IReadOnlyList<int>? updateOf, int accumulationSteps)
    {
        if (reduction == LossReduction.Sum)
        {
            double[] ones = [.. counts.Select(_ => 1.0)];
            return new LossWeights(ones, ones);
        }

        var all = counts.Sum();
        if (updateOf is null)
        {
            double[] shares = [.. counts.Select(count => count / all)];
            return new LossWeights(shares, accumulationSteps == 1 ? shares : [.. shares.Select(share => share / accumulationSteps)]);
        }

        var sums = counts.Zip(updateOf).GroupBy(entry => entry.Second, entry => entry.First).ToDictionary(group => group.Key, group => group.Sum());
        return new LossWeights(
            [.. counts.Select(count => count / all)],
            [.. counts.Select((count, i) => count / sums[updateOf[i]])]);
    }
}
