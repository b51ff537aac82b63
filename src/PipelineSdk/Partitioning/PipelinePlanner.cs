using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Searches schedule, workers, stages and micro-batches for the fastest step under a memory cap.</summary>
/// <remarks>
/// Every combination is cut by <see cref="Partitioner"/>, built, proven and simulated; nothing is left out for looking bad. Costs
/// grow with the samples of a micro-batch, and every action costs the profile's overhead besides.
/// </remarks>
public static class PipelinePlanner
{
    /// <summary>Tries every combination.</summary>
    public static PlannerResult Search(ModelProfile profile, PlannerOptions options) => Search(profile, options, whyNotRun: null);

    /// <summary>Tries every combination of which the program can be run.</summary>
    /// <param name="profile">The model's costs.</param>
    /// <param name="options">What to choose from.</param>
    /// <param name="whyNotRun">Why a program can't be run, for a person, or null where it can.</param>
    internal static PlannerResult Search(ModelProfile profile, PlannerOptions options, Func<ScheduleProgram, string?>? whyNotRun)
    {
        Guard.NotNull(profile, nameof(profile));
        Guard.NotNull(options, nameof(options));
        var candidates = new List<PlanCandidate>();
        var rejected = new List<PlanRejection>();
        double alone = profile.ScaledTo(options.Samples).Sum(segment => segment.Total) + (2 * profile.ActionOverhead);
        foreach (var (schedule, shape) in Combinations(options))
        {
            string? reason = schedule.WhyNot(shape);
            if (reason is null && shape.Stages > profile.Segments.Count)
            {
                reason = Invariant($"The model has {profile.Segments.Count} segments, too few for {shape.Stages} stages.");
            }

            var program = reason is null ? schedule.Build(shape) : null;
            reason ??= whyNotRun?.Invoke(program!);
            if (reason is null)
            {
                try
                {
                    var (plan, simulation) = Evaluate(profile, options, schedule, program!);
                    long peak = simulation.PeakBytes.Max();
                    reason = peak > options.MemoryCap
                        ? Invariant($"A worker needs {peak} bytes, {peak - options.MemoryCap} more than it can hold.")
                        : null;
                    if (reason is null)
                    {
                        double speedUp = simulation.Makespan == 0 ? 1 : alone / simulation.Makespan;
                        candidates.Add(new PlanCandidate(plan, simulation, speedUp, Describe(simulation)));
                    }
                }
                catch (PartitionException error)
                {
                    reason = error.Message;
                }
            }

            if (reason is not null)
            {
                rejected.Add(new PlanRejection(schedule, shape, reason));
            }
        }

        var ranked = candidates
            .OrderBy(candidate => Rounded(candidate.Simulation.Makespan))
            .ThenBy(candidate => candidate.Simulation.PeakBytes.Max())
            .ThenBy(candidate => candidate.Plan.Shape.Workers)
            .ThenBy(candidate => candidate.Plan.Shape.Stages)
            .ToArray();
        return new PlannerResult(ranked, rejected);
    }

    /// <summary>Makes the plan of one schedule and shape.</summary>
    /// <exception cref="ArgumentException">The schedule is not defined for the shape.</exception>
    /// <exception cref="PartitionException">The model cannot be cut that way.</exception>
    public static PipelinePlan Plan(ModelProfile profile, PlannerOptions options, PipelineSchedule schedule, ScheduleShape shape) => Evaluate(
        Guard.NotNull(profile, nameof(profile)), Guard.NotNull(options, nameof(options)),
        Guard.NotNull(schedule, nameof(schedule)), schedule.Build(Guard.NotNull(shape, nameof(shape)))).Plan;

    private static IEnumerable<(PipelineSchedule Schedule, ScheduleShape Shape)> Combinations(PlannerOptions options) =>
        from schedule in options.Schedules
        from workers in Enumerable.Range(1, options.Workers)
        from chunks in Enumerable.Range(1, options.StagesPerWorker)
        where (long)workers * chunks <= int.MaxValue
        from microBatches in options.MicroBatches
        select (schedule, new ScheduleShape(workers, workers * chunks, microBatches));

    private static (PipelinePlan Plan, ScheduleSimulation Simulation) Evaluate(
        ModelProfile profile, PlannerOptions options, PipelineSchedule schedule, ScheduleProgram program)
    {
        var shape = program.Shape;
        var segments = profile.ScaledTo((double)options.Samples / shape.MicroBatches);
        var (inFlight, versions) = PerStage(program);
        var partition = Partitioner.Solve(segments, new PartitionOptions(shape.Stages)
        {
            WorkerOfStage = Enumerable.Range(0, shape.Stages).Select(program.WorkerOf).ToArray(),
            LinkLatency = options.LinkLatency,
            LinkBandwidth = options.LinkBandwidth,
            MemoryCaps = options.MemoryCap is long cap ? Enumerable.Repeat(cap, shape.Workers).ToArray() : null,
            InFlight = inFlight,
            WeightVersions = versions,
        });
        var stages = partition.Ends.Select((end, stage) => new PlannedStage(program.WorkerOf(stage), partition.Starts[stage], end)).ToArray();
        var simulation = ScheduleSimulator.Run(program, new ScheduleCosts(
            Array.ConvertAll(stages, stage => Costs(segments, stage, profile.ActionOverhead)))
        {
            LinkLatency = options.LinkLatency,
            LinkBandwidth = options.LinkBandwidth,
        });
        var prediction = new PlanPrediction(simulation.Makespan, simulation.FlushBubbleFraction, simulation.PeakBytes);
        return (new PipelinePlan(profile, schedule.Name, shape.MicroBatches, stages, prediction), simulation);
    }

    /// <summary>The costs of a stage: the sums over its segments, and the overhead of every action.</summary>
    internal static StageCosts Costs(IReadOnlyList<SegmentCosts> segments, PlannedStage stage, double overhead)
    {
        var run = segments.Skip(stage.Start).Take(stage.End - stage.Start).ToList();
        double input = run.Sum(segment => segment.InputGradient);
        double weight = run.Sum(segment => segment.WeightGradient);
        return new StageCosts(run.Sum(segment => segment.Forward) + overhead, input + overhead, weight + overhead)
        {
            Backward = input + weight + overhead,
            OutputBytes = run[run.Count - 1].OutputBytes,
            ActivationBytes = run.Sum(segment => segment.ActivationBytes),
            WeightBytes = run.Sum(segment => segment.ParameterBytes),
            StateBytes = run.Sum(segment => segment.StateBytes),
        };
    }

    /// <summary>For each stage, the most micro-batches it holds at once, and the versions of its weights.</summary>
    private static (int[] InFlight, int[] Versions) PerStage(ScheduleProgram program)
    {
        var proof = ScheduleCheck.Verify(program);
        var held = new int[program.Shape.Stages];
        var peaks = new int[held.Length];
        foreach (var action in program.Workers.SelectMany(actions => actions))
        {
            held[action.Stage] += action.Kind switch
            {
                ActionKind.Forward => 1,
                ActionKind.Backward or ActionKind.WeightGradient => -1,
                _ => 0,
            };
            peaks[action.Stage] = Math.Max(peaks[action.Stage], held[action.Stage]);
        }

        if (program.Workers.All(actions => actions.All(action => action.Kind == ActionKind.Forward)))
        {
            peaks = Array.ConvertAll(peaks, _ => 1);
        }

        var versions = proof.WeightVersions?.PeakVersions.ToArray() ?? Enumerable.Repeat(1, held.Length).ToArray();
        return (peaks, versions);
    }

    /// <summary>To nine digits: of plans that are equally fast but for the order of a sum, the one with less memory is better.</summary>
    private static double Rounded(double time)
    {
        double unit = time > 0 ? Math.Pow(10, Math.Floor(Math.Log10(time)) - 8) : 0;
        return unit > 0 ? Math.Round(time / unit) * unit : time;
    }

    private static string Describe(ScheduleSimulation simulation)
    {
        var idle = simulation.IdleTime.Aggregate(default(IdleTime), (sum, time) => sum + time);
        double all = simulation.Makespan * simulation.Workers.Count;
        if (all == 0 || idle.Total <= 0)
        {
            return "always busy";
        }

        var shares = new[]
        {
            ("fill and drain", idle.Fill + idle.Drain), ("order", idle.Dependency), ("imbalance", idle.Imbalance), ("transfers", idle.Transfer),
        };
        return string.Join(", ", shares.Where(share => share.Item2 / all >= 0.005).OrderByDescending(share => share.Item2)
            .Select(share => Invariant($"{share.Item1} {100 * share.Item2 / all:0.0} %")));
    }
}
