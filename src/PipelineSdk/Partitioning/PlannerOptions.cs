using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>What <see cref="PipelinePlanner"/> may choose from.</summary>
public sealed class PlannerOptions
{
    /// <summary>Steps of a number of samples on up to a number of workers.</summary>
    /// <param name="samples">The samples of a mini-batch, at least 1.</param>
    /// <param name="workers">The most workers, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public PlannerOptions(int samples, int workers)
    {
        Samples = Guard.AtLeast(1, samples, nameof(samples), "The number of samples");
        Workers = Guard.AtLeast(1, workers, nameof(workers), "The number of workers");
        MicroBatches = Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(m => m <= Math.Min(samples, 64)).ToArray();
    }

    /// <summary>The samples of a mini-batch.</summary>
    public int Samples { get; }

    /// <summary>The most workers.</summary>
    public int Workers { get; }

    /// <summary>The numbers of micro-batches to try; unless set the powers of two up to 64 and to the number of
    /// samples.</summary>
    /// <exception cref="ArgumentException">There is none, or one is below 1 or above the number of samples.</exception>
    public IReadOnlyList<int> MicroBatches
    {
        get;
        init => field = Guard.NotNull(value, nameof(MicroBatches)).Count > 0 && value.All(m => m >= 1 && m <= Samples)
            ? value.Distinct().OrderBy(m => m).ToArray()
            : throw new ArgumentException(
                Invariant($"Micro-batches have to be 1 to {Samples}, as many as samples at most, but are [{string.Join(", ", value)}]."), nameof(MicroBatches));
    }

    /// <summary>The schedules to try; unless set all that train with one synchronous optimizer step.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public IReadOnlyList<PipelineSchedule> Schedules
    {
        get;
        init => field = Guard.NotNull(value, nameof(Schedules)).Count > 0
            ? value.Select(schedule => Guard.NotNull(schedule, nameof(Schedules))).ToArray()
            : throw new ArgumentException("There has to be at least one schedule to try.", nameof(Schedules));
    }
        = ScheduleCatalog.All.Where(schedule => schedule is not (ForwardOnlySchedule or PipeDreamSchedule or PipeDreamTwoBufferedWeightsSchedule or SequentialSchedule)).ToArray();

    /// <summary>The most stages per worker; 4 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int StagesPerWorker { get; init => field = Guard.AtLeast(1, value, nameof(StagesPerWorker), "The number of stages per worker"); } = 4;

    /// <summary>The bytes every worker can hold; without a cap unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public long? MemoryCap
    {
        get;
        init => field = value is long cap ? Guard.NotNegative(cap, nameof(MemoryCap), "A memory cap") : null;
    }

    /// <summary>The time a message takes to another worker besides what its size costs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative or not finite.</exception>
    public double LinkLatency { get; init => field = Guard.NotNegative(value, nameof(LinkLatency), "The link latency"); }

    /// <summary>The bytes that pass from one worker to another in a unit of time; unbounded unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bandwidth is 0, negative or not a number.</exception>
    public double LinkBandwidth
    {
        get;
        init => field = value > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LinkBandwidth), value, "The link bandwidth must be above 0.");
    }
        = double.PositiveInfinity;
}
