namespace ResNet.Data;

/// <summary>The order in which a run meets the images: every epoch a new shuffle, the same for the same seed.</summary>
internal sealed class BatchOrder(int images, int batchSize, int seed)
{
    public int BatchesPerEpoch { get; } = (images + batchSize - 1) / batchSize;

    /// <summary>The images of every batch of an epoch; the last batch may be smaller.</summary>
    public IEnumerable<int[]> Epoch(int epoch)
    {
        var order = Enumerable.Range(0, images).ToArray();
        new Random(HashCodeOf(seed, epoch)).Shuffle(order);
        return order.Chunk(batchSize);
    }

    /// <summary>The images in their own order, for evaluation.</summary>
    public static IEnumerable<int[]> InOrder(int images, int batchSize) => Enumerable.Range(0, images).Chunk(batchSize);

    private static int HashCodeOf(int seed, int epoch) => unchecked((seed * 486_187_739) + epoch);
}
