using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Segments to stages to workers, with the schedule and what to expect: a file that can be reviewed and
/// committed.</summary>
public sealed class PipelinePlan
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

    /// <summary>The model and its costs.</summary>
    public ModelProfile Profile { get; }

    /// <summary>The schedule.</summary>
    public PipelineSchedule Schedule { get; }

    /// <summary>Workers, stages and micro-batches.</summary>
    public ScheduleShape Shape { get; }

    /// <summary>The stages, in order.</summary>
    public IReadOnlyList<PlannedStage> Stages { get; }

    /// <summary>What to expect.</summary>
    public PlanPrediction Predicted { get; }

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
        if (Guard.NotNull(model, nameof(model)) != Profile.Model)
        {
            return $"The plan is for the model {Profile.Model}, not for {model}.";
        }

        int common = Math.Min(segments.Count, Profile.Segments.Count);
        for (int i = 0; i < common; i++)
        {
            if (segments[i] != Profile.Segments[i].Name)
            {
                return Invariant($"Segment {i} is '{Profile.Segments[i].Name}' in the plan, but '{segments[i]}' in the model.");
            }
        }

        return segments.Count == Profile.Segments.Count ? null
            : segments.Count > common
                ? Invariant($"The model has {segments.Count} segments, the plan {common}: '{segments[common]}' is not in the plan.")
                : Invariant($"The model has {common} segments, the plan {Profile.Segments.Count}: '{Profile.Segments[common].Name}' is no longer in the model.");
    }

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
