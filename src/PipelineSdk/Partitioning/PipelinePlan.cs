using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Segments to stages to workers, with the schedule and what to expect: a file that can be reviewed and
/// committed.</summary>
public sealed partial class PipelinePlan
{
    /// <summary>The version of the file format that is written, and the newest that is read.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The usual end of a plan's file name.</summary>
    public const string FileExtension = ".pipeline.json";

    /// <summary>Takes a plan.</summary>
    /// <param name="profile">The model and its costs.</param>
    /// <param name="schedule">The schedule's name, as <see cref="ScheduleCatalog"/> knows it.</param>
    /// <param name="microBatches">The micro-batches of a step.</param>
    /// <param name="stages">The stages, in order; together they hold every segment once.</param>
    /// <param name="predicted">What to expect.</param>
    /// <exception cref="ArgumentException">The parts do not fit together; the message says where.</exception>
    public PipelinePlan(
        ModelProfile profile, string schedule, int microBatches, IReadOnlyList<PlannedStage> stages, PlanPrediction predicted)
    {
        Profile = Guard.NotNull(profile, nameof(profile));
        Schedule = ScheduleCatalog.Get(schedule);
        Stages = Guard.NotNull(stages, nameof(stages)).ToArray();
        Predicted = Guard.NotNull(predicted, nameof(predicted));
        Guard.NotNull(predicted.PeakBytes, nameof(predicted));
        CheckStages();
        Shape = new ScheduleShape(Stages.Max(stage => stage.Worker) + 1, Stages.Count, microBatches);
        if (Schedule.WhyNot(Shape) is { } reason)
        {
            throw new ArgumentException(reason, nameof(stages));
        }

        CheckOwners();
    }

    private PipelinePlan()
    {
    }

    /// <summary>
    /// Stands for the plan that a pipeline makes itself when it is built: <c>PipelinePlanner</c> searches what the runtime can run on
    /// the cores there are, with costs estimated from the shapes of the model's parameters. Has no parts of its own.
    /// </summary>
    public static PipelinePlan Auto { get; } = new();

    /// <summary>Whether this is <see cref="Auto"/>, which has none of the parts below.</summary>
    public bool IsAuto => ReferenceEquals(this, Auto);

    /// <summary>The model and its costs.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    public ModelProfile Profile => field ?? throw Undecided();

    /// <summary>The schedule.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    public PipelineSchedule Schedule => field ?? throw Undecided();

    /// <summary>Workers, stages and micro-batches.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    public ScheduleShape Shape => field ?? throw Undecided();

    /// <summary>The stages, in order.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    public IReadOnlyList<PlannedStage> Stages => field ?? throw Undecided();

    /// <summary>What to expect.</summary>
    /// <exception cref="InvalidOperationException">This is <see cref="Auto"/>.</exception>
    public PlanPrediction Predicted => field ?? throw Undecided();

    /// <summary>The stage of a segment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no segment of that number.</exception>
    public int StageOf(int segment)
    {
        for (int stage = 0; stage < Stages.Count; stage++)
        {
            if (segment >= Stages[stage].Start && segment < Stages[stage].End)
            {
                return stage;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(segment), segment, "There is no segment of that number.");
    }

    /// <summary>What has changed in the model since the plan was made.</summary>
    /// <param name="model">The model's class name now.</param>
    /// <param name="segments">The names of its segments now, in order.</param>
    /// <returns>The first difference, for a person, or null where the plan still fits.</returns>
    public string? DifferenceFrom(string model, IReadOnlyList<string> segments)
    {
        Guard.NotNull(segments, nameof(segments));
        return PlanDifference.Of(
            Profile.Model, Profile.Segments.Select(segment => segment.Name).ToArray(), Guard.NotNull(model, nameof(model)), segments);
    }

    private static InvalidOperationException Undecided() => new(
        "PipelinePlan.Auto stands for the plan that a pipeline makes when it is built, and has no profile, schedule or stages itself. "
        + "Use PipelinePlanner to make a plan to look at.");

    private void CheckStages()
    {
        int next = 0;
        for (int stage = 0; stage < Stages.Count; stage++)
        {
            var (worker, start, end) = Stages[stage];
            if (start != next || end <= start || end > Profile.Segments.Count || worker < 0 || worker >= Stages.Count)
            {
                throw new ArgumentException(
                    Invariant($"Stage {stage} is segments {start} up to {end} on worker {worker}; it has to start at segment {next}, hold at least one, end by segment {Profile.Segments.Count}, and have a worker below {Stages.Count}."));
            }

            next = end;
        }

        if (next != Profile.Segments.Count)
        {
            throw new ArgumentException(Invariant($"The stages hold {next} of {Profile.Segments.Count} segments."));
        }
    }

    private void CheckOwners()
    {
        if (Predicted.PeakBytes.Count != Shape.Workers)
        {
            throw new ArgumentException(Invariant($"There are peaks of {Predicted.PeakBytes.Count} workers, but {Shape.Workers} workers."));
        }

        var program = Schedule.Build(Shape with { MicroBatches = LeastMicroBatches() });
        for (int stage = 0; stage < Stages.Count; stage++)
        {
            if (program.WorkerOf(stage) != Stages[stage].Worker)
            {
                throw new ArgumentException(
                    Invariant($"Stage {stage} is on worker {Stages[stage].Worker}, but {Schedule.Name} has it on worker {program.WorkerOf(stage)}."));
            }
        }
    }

    /// <summary>Owners do not depend on the micro-batches, so the smallest program that shows them will do.</summary>
    private int LeastMicroBatches() =>
        Enumerable.Range(1, Math.Min(Shape.MicroBatches, Shape.Stages + 1)).FirstOrDefault(m => Schedule.WhyNot(Shape with { MicroBatches = m }) is null) is int least && least > 0
            ? least
            : Shape.MicroBatches;
}
