using PipelineSdk.Schedules;

namespace PipelineSdk;

/// <summary>How <see cref="PipelineProfiler"/> measures.</summary>
public sealed class ProfilerOptions
{
    /// <summary>How often the model is run before anything counts; 2 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public int WarmUp
    {
        get;
        init => field = Guard.AtLeast(0, value, nameof(WarmUp), "The warm-up");
    }
        = 2;

    /// <summary>How often it is measured then; a time is the median, without outliers. 9 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int Repetitions
    {
        get;
        init => field = Guard.AtLeast(1, value, nameof(Repetitions), "The number of repetitions");
    }
        = 9;

    /// <summary>
    /// Threads libtorch may use inside one operation; unless set those that a worker gets in a pipeline with a stage for each that the
    /// model's attributes name, or with a worker for each core where they name none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int? IntraOpThreads
    {
        get;
        init => field = value is int threads ? Guard.AtLeast(1, threads, nameof(IntraOpThreads), "The number of intra-op threads") : null;
    }

    /// <summary>
    /// The samples of the input; unless set the length of the targets or, without targets, of the first input that is a tensor with
    /// dimensions.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public int? Samples
    {
        get;
        init => field = value is int samples ? Guard.AtLeast(1, samples, nameof(Samples), "The number of samples") : null;
    }

    /// <summary>Tells the C library's allocator to keep large blocks, as <see cref="PipelineOptions.TuneAllocator"/> does. True unless set.</summary>
    public bool TuneAllocator { get; init; } = true;
}
