using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using TorchSharp;

namespace PipelineSdk;

/// <summary>How a pipeline runs. Read once, when the pipeline is built.</summary>
public sealed partial class PipelineOptions
{
    /// <summary>The pipeline's name in spans, thread names and errors; the model's class name where null.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// In which order the workers run forwards and backwards, and on which worker each stage runs (see <see cref="Workers"/>). Schedules without
    /// a flush, PipeDream and PipeDream-2BW, change the weights within a run and need <see cref="Optimizer"/>. Where it is not set, the schedule is that of
    /// <see cref="PipelineAttribute.Schedule">[Pipeline(Schedule = ...)]</see>, else 1F1B.
    /// </summary>
    /// <remarks>
    /// A schedule that splits backwards (ZB-H1, interleaved zero bubble, ZB-V, DualPipeV, V-Half, V-Min) puts the weight gradients of Linear and
    /// convolution layers off, where the model runs them with <c>call</c>, as <c>Sequential</c> does: TorchSharp offers no way into a layer
    /// that is run with <c>forward</c>, nor into one that shares a parameter with another. The weight gradients of all other layers are computed together with the
    /// input gradient, and the schedule gains that much less; the pipeline logs which they are. The numbers are the same either way.
    /// </remarks>
    public PipelineSchedule Schedule
    {
        get;
        set
        {
            field = value;
            IsScheduleSet = true;
        }
    }
        = PipelineSchedule.OneForwardOneBackward;

    /// <summary>
    /// What to run in place of single choices: stages, schedule and micro-batches are those of the plan, and it is an error to set one of
    /// them to something else. With <see cref="PipelinePlan.Auto"/> the pipeline makes the plan when it is built, for the cores there are, and
    /// logs it with the reasons; what is set besides is kept. Null by default.
    /// </summary>
    public PipelinePlan? Plan { get; set; }

    /// <summary>
    /// How many stages to run; null takes the stages that the model's attributes name, or where they name none, as many as
    /// <see cref="PipelineAttribute.Workers">[Pipeline(Workers = ...)]</see> says. Where it is
    /// smaller than their number, or the model names none, neighbours are joined so that the costliest stage costs as little as
    /// can be. Costs are estimated from the shapes of parameters: see <see cref="PipelineProfiler.Estimate"/>; what is pinned to one
    /// stage stays together, and what has no parameters costs nothing.
    /// </summary>
    public int? Stages { get; set; }

    /// <summary>
    /// How many workers run the stages; null takes the number that
    /// <see cref="PipelineAttribute.Workers">[Pipeline(Workers = ...)]</see> says, where <see cref="Stages"/> is null too, else gives every stage a worker of its own. Which stages share a worker the schedule says:
    /// 4 stages on 2 workers are 0 and 2, 1 and 3 under <see cref="PipelineSchedule.InterleavedOneForwardOneBackward"/>, but 0 and 3, 1 and 2 under
    /// <see cref="PipelineSchedule.ZeroBubbleV"/>. A combination that the schedule is not defined for is refused when the pipeline is built, with
    /// those nearest to it that work.
    /// </summary>
    public int? Workers { get; set; }

    /// <summary>
    /// Into how many micro-batches a mini-batch is split, as evenly as possible, larger ones first. At least 1. Where it is not set,
    /// the number is that of <see cref="PipelineAttribute.MicroBatches">[Pipeline(MicroBatches = ...)]</see>, else 4.
    /// </summary>
    public int MicroBatches
    {
        get;
        set
        {
            field = value;
            AreMicroBatchesSet = true;
        }
    }
        = PipelineDefaults.UsualMicroBatches;

    /// <summary>
    /// Samples per micro-batch, in place of <see cref="MicroBatches"/>: their number then follows from the mini-batch, and the last
    /// one may be smaller. Null by default.
    /// </summary>
    public int? MicroBatchSize { get; set; }

    /// <summary>
    /// Whether stages keep activations from forward to backward, or run their forward once more: a third more computing for much less memory.
    /// Losses, gradients and buffers (such as running statistics) are the same, bit for bit. Off by default.
    /// </summary>
    /// <remarks>
    /// Tensors that are changed in place, collections and buffers are as before in the second run; anything else that <c>forward</c> changes (a field,
    /// an object that it receives) is changed twice. The loss function is not run again. Dispose scopes, hooks and exceptions work as in a forward;
    /// an exception in the second run fails the backward. On other devices than the CPU random numbers can't be repeated: a stage there that has a dropout layer is refused.
    /// </remarks>
    public ActivationRecompute Recompute { get; set; }

    /// <summary>What single stages do in place of <see cref="Recompute"/>, by the stage's number, counted from 0. A number that no stage has is an error.</summary>
    /// <example><c>new PipelineOptions { Recompute = ActivationRecompute.Always, RecomputeOfStage = { [3] = ActivationRecompute.Never } }</c></example>
    public IDictionary<int, ActivationRecompute> RecomputeOfStage { get; } = new Dictionary<int, ActivationRecompute>();

    /// <summary>
    /// What the running statistics of batch normalisation layers follow while the model trains; by default each micro-batch. With
    /// <see cref="BatchNormStatistics.Deferred"/> a layer that the model runs with <c>forward</c> instead of <c>call</c> fails the step, and a step that fails
    /// leaves the statistics as they were.
    /// </summary>
    public BatchNormStatistics BatchNorm { get; set; }

    /// <summary>
    /// From what the random numbers of segments follow: dropout and all else that draws in <c>forward</c> or in the loss function draws the same numbers for
    /// the same seed, whatever the number of stages and workers, the schedule, and <see cref="Recompute"/>. Null, the default, takes the seed that
    /// <c>torch.manual_seed</c> gave the process's generator before the pipeline was built. Other numbers are drawn in every step, micro-batch and segment.
    /// </summary>
    /// <remarks>
    /// On the CPU. Dropout layers that the model runs with <c>call</c> draw at the same time as others. A segment that draws by other means runs while no other
    /// segment of the process does so. The process's generator is left as it was. Another number of micro-batches gives other masks, and so does another cut of the model by its attributes. Nothing else may draw while a
    /// step runs, a data loader's thread neither: where something did, the pipeline logs a warning.
    /// </remarks>
    public long? Seed { get; set; }

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

    /// <summary>
    /// How long no worker of a running step may turn to anything else before it is reported: what each is doing and what it waits for is logged as an
    /// error, and again after each further time. The step goes on; only where no worker can ever go on, it is given up with a
    /// <see cref="PipelineStallException"/>. Longer than the longest action. 5 minutes by default; null never reports.
    /// </summary>
    public TimeSpan? StallTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether a worker that waits for another spins before it blocks; null where every worker has a core of its own. For measurements: nobody else knows better.
    /// </summary>
    internal bool? SpinWhileWaiting { get; init; }

    /// <summary>Whether the schedule was chosen: a plan gives way to no default.</summary>
    internal bool IsScheduleSet { get; private set; }

    /// <summary>Whether the number of micro-batches was chosen.</summary>
    internal bool AreMicroBatchesSet { get; private set; }

    /// <summary>The same options, with what the model's class says where they say nothing.</summary>
    internal PipelineOptions By<TModel>(PipelineBlueprint<TModel> blueprint)
        where TModel : torch.nn.Module
    {
        var defaults = blueprint.Defaults;
        var filled = (PipelineOptions)MemberwiseClone();
        if (!IsScheduleSet && defaults.Schedule is { } schedule) filled.Schedule = ScheduleCatalog.Get(schedule);
        if (!AreMicroBatchesSet && MicroBatchSize is null && defaults.MicroBatches is { } microBatches) filled.MicroBatches = microBatches;
        if (Stages is null && Workers is null)
        {
            filled.Workers = defaults.Workers;
            if (blueprint.Segments.All(segment => segment.PinnedStage is null)) filled.Stages = defaults.Workers;
        }

        return filled;
    }

    /// <summary>The same options for a loss that says itself how it reduces.</summary>
    internal PipelineOptions With(LossReduction reduction)
    {
        var other = (PipelineOptions)MemberwiseClone();
        other.LossReduction = reduction;
        return other;
    }

    /// <summary>The same options with the choices of a plan.</summary>
    internal PipelineOptions By(PipelinePlan plan)
    {
        var planned = (PipelineOptions)MemberwiseClone();
        planned.Schedule = plan.Schedule;
        planned.Stages = plan.Shape.Stages;
        planned.Workers = plan.Shape.Workers;
        planned.MicroBatches = plan.Shape.MicroBatches;
        return planned;
    }
}
