using System.Globalization;
using Microsoft.Extensions.Logging;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>The plan that a pipeline runs: the one it was given, or one of its own.</summary>
internal static class PlanChoice
{
    /// <summary>More workers than that are nobody's choice without a look; and the search grows with the square of their number.</summary>
    private const int MostWorkers = 16;

    /// <summary>More stages per worker than that gain little and send much.</summary>
    private const int MostStagesPerWorker = 4;

    /// <summary>The samples of the mini-batch that an own plan is made for: costs are in proportion, and only the order of plans counts.</summary>
    private const int Samples = 64;

    /// <summary>
    /// The share of a mini-batch's work that an action costs besides its own. An estimate has nothing to tell what a small micro-batch
    /// loses; with this the best number of micro-batches is around four for each of a few workers, as GPipe recommends (Huang et al., 2019).
    /// </summary>
    private const double OverheadShare = 1.0 / 400;

    private static readonly int[] MicroBatches = [1, 2, 4, 8, 16, 32];

    /// <summary>The plan of the options, null where they have none.</summary>
    /// <exception cref="ArgumentException">There is no plan with what is set besides.</exception>
    public static PipelinePlan? Of<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, PipelineOptions options, string pipeline, ILogger logger)
        where TModel : torch.nn.Module
    {
        if (options.Plan is not { } plan) return null;
        if (plan.IsAuto) return Search(blueprint, model, options, pipeline, logger);
        PipelineLog.RunsPlan(
            logger, pipeline, plan.Shape.ToString(), plan.Schedule.Name, Text(plan.Predicted.Makespan, "0.###"), plan.Profile.Unit,
            Text(100 * plan.Predicted.FlushBubble, "0.0"));
        return plan;
    }

    private static PipelinePlan Search<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, PipelineOptions options, string pipeline, ILogger logger)
        where TModel : torch.nn.Module
    {
        var samples = Math.Max(Samples, options.AreMicroBatchesSet ? options.MicroBatches : 1);
        var estimate = SegmentEstimate.Of(blueprint, model);
        var profile = new ModelProfile(estimate.Model, estimate.Samples, estimate.Segments)
        {
            Unit = estimate.Unit,
            ActionOverhead = OverheadShare * samples * estimate.Segments.Sum(segment => segment.Total),
        };
        var workers = options.Workers ?? options.Stages ?? Math.Min(WorkerThreadSettings.UsableCores, MostWorkers);
        var choice = new PlannerOptions(samples, workers)
        {
            // Stages have workers of their own unless told otherwise, as without a plan.
            StagesPerWorker = options.Workers is null ? 1 : options.Stages is { } stages ? Math.Max(1, stages / workers) : MostStagesPerWorker,
            MicroBatches = options.AreMicroBatchesSet ? [options.MicroBatches] : MicroBatches,
            Schedules = options.IsScheduleSet ? [options.Schedule] : new PlannerOptions(samples, workers).Schedules,
        };
        // What splitting a backward gains depends on which layers can put their weight gradients off: an estimate does not know.
        var found = PipelinePlanner.Search(profile, choice, program => options.IsScheduleSet ? null : RunnableProgram.Reason(program) ?? (new SplitBackwards(program).Any
            ? "It splits backwards, and what that gains an estimate can't tell: set PipelineOptions.Schedule to it, or plan with a measured profile."
            : null));
        var candidates = found.Candidates.Where(candidate => Fits(candidate.Plan.Shape)).ToList();
        if (candidates.Count == 0) throw Nothing(blueprint.ModelName, found.Rejected.Where(rejection => Fits(rejection.Shape)));
        var (plan, _, speedUp, reason) = candidates[0];
        PipelineLog.Planned(
            logger, pipeline, plan.Shape.ToString(), plan.Schedule.Name, profile.Segments.Count, Text(speedUp, "0.00"), reason,
            candidates.Count, found.Candidates.Count + found.Rejected.Count,
            candidates.Count == 1 ? "none" : $"{candidates[1].Plan.Schedule.Name}, {candidates[1].Plan.Shape}, {Text(candidates[1].SpeedUp, "0.00")}");
        return plan;

        bool Fits(ScheduleShape shape)
            => (options.Stages is null || shape.Stages == options.Stages) && (options.Workers is null || shape.Workers == options.Workers);
    }

    private static ArgumentException Nothing(string modelName, IEnumerable<PlanRejection> rejected)
    {
        var reasons = rejected.Select(rejection => rejection.Reason).Distinct().Take(3);
        return new ArgumentException(
            $"PipelinePlan.Auto finds no plan for {modelName} with what PipelineOptions sets besides: {string.Join(" ", reasons)}");
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
