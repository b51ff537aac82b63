using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>What a model is to be cut into.</summary>
public sealed class PartitionOptions
{
    /// <summary>Stages of one worker each, without transfer costs and caps, unless set.</summary>
    /// <param name="stages">The number of stages, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public PartitionOptions(int stages)
    {
        Stages = Guard.AtLeast(1, stages, nameof(stages), "The number of stages");
        WorkerOfStage = Enumerable.Range(0, stages).ToArray();
    }

    /// <summary>The number of stages.</summary>
    public int Stages { get; }

    /// <summary>The worker of each stage; every stage has its own unless set.</summary>
    /// <exception cref="ArgumentException">There is not one worker, counted from 0, for every stage.</exception>
    public IReadOnlyList<int> WorkerOfStage
    {
        get;
        init => field = PerStage(value, nameof(WorkerOfStage), worker => worker >= 0);
    }

    /// <summary>The time a message takes besides what its size costs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public double LinkLatency { get; init => field = Guard.NotNegative(value, nameof(LinkLatency), "The link latency"); }

    /// <summary>The bytes that pass over a cut between two workers in a unit of time; unbounded unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bandwidth is 0, negative or not a number.</exception>
    public double LinkBandwidth
    {
        get;
        init => field = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LinkBandwidth), value, "The link bandwidth must be above 0.");
    }
        = double.PositiveInfinity;

    /// <summary>How the time of a transfer counts.</summary>
    public TransferMode Transfers { get; init; }

    /// <summary>The bytes every worker can hold, one entry for each worker; without caps unless set.</summary>
    /// <exception cref="ArgumentException">A cap is negative.</exception>
    public IReadOnlyList<long>? MemoryCaps
    {
        get;
        init => field = value is null || value.All(cap => cap >= 0)
            ? value?.ToArray()
            : throw new ArgumentException("A memory cap must not be negative.", nameof(MemoryCaps));
    }

    /// <summary>For each stage, how many micro-batches it holds at once under the schedule; 1 unless set.</summary>
    /// <exception cref="ArgumentException">There is not one number, at least 0, for every stage.</exception>
    public IReadOnlyList<int>? InFlight
    {
        get;
        init => field = value is null ? null : PerStage(value, nameof(InFlight), number => number >= 0);
    }

    /// <summary>For each stage, how many versions of its weights it holds at once under the schedule; 1 unless set.</summary>
    /// <exception cref="ArgumentException">There is not one number, at least 1, for every stage.</exception>
    public IReadOnlyList<int>? WeightVersions
    {
        get;
        init => field = value is null ? null : PerStage(value, nameof(WeightVersions), number => number >= 1);
    }

    /// <summary>How many workers there are.</summary>
    public int Workers => WorkerOfStage.Max() + 1;

    private int[] PerStage(IReadOnlyList<int> values, string name, Func<int, bool> valid) =>
        Guard.NotNull(values, name).Count == Stages && values.All(valid)
            ? values.ToArray()
            : throw new ArgumentException(
                Invariant($"{name} needs one valid number for each of the {Stages} stages, but is [{string.Join(", ", values)}]."), name);
}
