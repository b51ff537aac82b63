using PipelineSdk.Schedules;

namespace PipelineSdk;

/// <summary>How a pipeline runs. Read once, when the pipeline is built.</summary>
public sealed class PipelineOptions
{
    /// <summary>The pipeline's name in spans, thread names and errors; the model's class name where null.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// In which order the workers run forwards and backwards. The runtime runs schedules with whole backwards and one stage per worker:
    /// 1F1B, GPipe and sequential; it refuses the others when the pipeline is built.
    /// </summary>
    public PipelineSchedule Schedule { get; set; } = PipelineSchedule.OneForwardOneBackward;

    /// <summary>
    /// How many stages to run, each on a worker of its own; null takes the stages that the model's attributes name. Where it is
    /// smaller, neighbouring stages are joined, as evenly as their number allows, the larger joins last.
    /// </summary>
    public int? Stages { get; set; }

    /// <summary>Into how many micro-batches a mini-batch is split, as evenly as possible, larger ones first. At least 1.</summary>
    public int MicroBatches { get; set; } = 4;

    /// <summary>
    /// Samples per micro-batch, in place of <see cref="MicroBatches"/>: their number then follows from the mini-batch, and the last
    /// one may be smaller. Null by default.
    /// </summary>
    public int? MicroBatchSize { get; set; }

    /// <summary>How a loss given as a function reduces over samples. Loss modules say so themselves.</summary>
    public LossReduction LossReduction { get; set; } = LossReduction.Mean;

    /// <summary>
    /// Stops a step whose loss is not a finite number, before its backward, with a <see cref="PipelineException"/> that names
    /// step and micro-batch. Off by default, as in the uncut model.
    /// </summary>
    public bool StopOnNonFiniteLoss { get; set; }

    /// <summary>
    /// Parameters of <c>forward</c>, by name, whose tensors every micro-batch gets whole (a mask, a table of positions) instead of
    /// a slice along the first dimension.
    /// </summary>
    public ISet<string> ReplicatedInputs { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>
    /// Threads libtorch may use inside one operation, per worker; null shares the cores this process may use: cores / workers, at
    /// least 1.
    /// </summary>
    public int? IntraOpThreads { get; set; }

    /// <summary>
    /// Gives every worker cores of its own, where there are at least as many as workers (Linux and Windows; elsewhere it has no effect, which
    /// is logged).
    /// </summary>
    public bool PinThreads { get; set; } = true;

    /// <summary>
    /// Values a link between two stages holds before the sender waits, at least 1; null takes the number of micro-batches, so that
    /// only the schedule decides who waits.
    /// </summary>
    public int? LinkCapacity { get; set; }

    /// <summary>
    /// Tells the C library's allocator, once per process, to keep large blocks instead of returning them to the system (Linux with
    /// glibc). Activations are megabytes, allocated and freed for every micro-batch: without this steps get slower run by run.
    /// </summary>
    public bool TuneAllocator { get; set; } = true;
}
