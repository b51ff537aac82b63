using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>What <see cref="ReplicatedPartitioner"/> divides a model among.</summary>
public sealed class ReplicationOptions
{
    /// <summary>Machines joined by links of a bandwidth.</summary>
    /// <param name="machines">The number of machines, at least 1; all are used.</param>
    /// <param name="bandwidth">The bytes that pass in the unit of time of the segments' costs.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not above 0.</exception>
    public ReplicationOptions(int machines, double bandwidth)
    {
        Machines = Guard.AtLeast(1, machines, nameof(machines), "The number of machines");
        Bandwidth = bandwidth > 0
            ? bandwidth
            : throw new ArgumentOutOfRangeException(nameof(bandwidth), bandwidth, "The bandwidth must be above 0.");
    }

    /// <summary>The number of machines.</summary>
    public int Machines { get; }

    /// <summary>The bytes that pass in a unit of time.</summary>
    public double Bandwidth { get; }

    /// <summary>Whether stages may have several machines. True unless set; without, every stage has one.</summary>
    public bool Replicate { get; init; } = true;

    /// <summary>Whether the activations that pass over a cut, there and back, count as a bottleneck of their own. False unless
    /// set.</summary>
    public bool CountTransfers { get; init; }

    /// <summary>
    /// The bytes a machine can hold: the parameters and activations of a stage, once for every mini-batch in flight there, which
    /// are the machines from the stage on divided by its replicas, rounded up. Without a cap unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public long? MemoryCap
    {
        get;
        init => field = value is long cap ? Guard.NotNegative(cap, nameof(MemoryCap), "A memory cap") : null;
    }
}
