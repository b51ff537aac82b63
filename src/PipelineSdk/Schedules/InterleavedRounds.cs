namespace PipelineSdk.Schedules;

/// <summary>
/// The order that the interleaved schedules share: micro-batches go in rounds, and within a round through one stage of the worker
/// after the other.
/// </summary>
/// <remarks>
/// A round takes p micro-batches, or a few more where p does not divide their number: there are floor(m / p) rounds, at least
/// one, as equal as possible, larger ones first. Where they are equal this is PyTorch's rule.
/// </remarks>
internal static class InterleavedRounds
{
    /// <summary>The micro-batches of the first, largest round.</summary>
    public static int Largest(ScheduleShape shape)
    {
        int rounds = Count(shape);
        return (shape.MicroBatches + rounds - 1) / rounds;
    }

    /// <summary>Chunk and micro-batch of every forward of a worker, in order.</summary>
    public static (int Chunk, int MicroBatch)[] Forwards(ScheduleShape shape) => Order(shape, descending: false);

    /// <summary>Chunk and micro-batch of every backward of a worker, in order.</summary>
    public static (int Chunk, int MicroBatch)[] Backwards(ScheduleShape shape) => Order(shape, descending: true);

    private static int Count(ScheduleShape shape) => Math.Max(1, shape.MicroBatches / shape.Workers);

    private static (int Chunk, int MicroBatch)[] Order(ScheduleShape shape, bool descending)
    {
        int chunks = shape.Stages / shape.Workers;
        int rounds = Count(shape);
        var order = new (int Chunk, int MicroBatch)[chunks * shape.MicroBatches];
        int at = 0;
        int first = 0;
        for (int round = 0; round < rounds; round++)
        {
            int size = (shape.MicroBatches / rounds) + (round < shape.MicroBatches % rounds ? 1 : 0);
            for (int step = 0; step < chunks; step++)
            {
                for (int microBatch = first; microBatch < first + size; microBatch++)
                {
                    order[at++] = (descending ? chunks - 1 - step : step, microBatch);
                }
            }

            first += size;
        }

        return order;
    }
}
