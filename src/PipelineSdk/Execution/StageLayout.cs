using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Groups a blueprint's segments into stages: neighbours, in order.</summary>
internal static class StageLayout
{
    /// <summary>Segments of each stage. Where fewer stages are wanted than there are pieces, neighbours are joined by what they cost.</summary>
    /// <exception cref="ArgumentException">There are more stages wanted than pieces to make them of, or the choice is open.</exception>
    public static IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> Group<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, int? stages)
        where TModel : torch.nn.Module
    {
        var segments = blueprint.SegmentsOf(model);
        var pinned = segments.Count(segment => segment.PinnedStage is not null);
        var pieces = SegmentRuns.Split(segments, SegmentRuns.Ends(pinned == segments.Count ? SegmentRuns.ByPins(segments) : CutPlaces.Of(model, segments)));
        if (pinned == 0 && stages is null && pieces.Count > 1)
        {
            throw new ArgumentException(
                $"{blueprint.ModelName} names no stages: set PipelineOptions.Stages (1 to {pieces.Count}) or PipelineOptions.Plan "
                + "(such as PipelinePlan.Auto), or pin members with [PipelineStage(k)].");
        }

        var named = pinned == segments.Count ? pieces.Count : pinned == 0 ? 1 : segments.Max(segment => segment.PinnedStage ?? 0) + 1;
        var count = stages ?? named;
        if (count > pieces.Count)
        {
            throw new ArgumentException(
                $"{(blueprint.Defaults.Workers == count ? "Workers of [Pipeline]" : "PipelineOptions.Stages")} is {count}, but {blueprint.ModelName} is cut into {pieces.Count} "
                + $"({string.Join(" | ", pieces.Select(Name))}). Use at most {pieces.Count}, or cut it further with [PipelineStage].");
        }

        return count == pieces.Count ? pieces : SegmentRuns.Split(segments, Join(blueprint, model, segments, count, holdPins: count == named));
    }

    /// <summary>Segments of each stage, as a plan has them.</summary>
    /// <exception cref="ArgumentException">The plan is for another model or other segments, or parts what is pinned to one stage.</exception>
    public static IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> Group<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, PipelinePlan plan)
        where TModel : torch.nn.Module
    {
        var segments = blueprint.SegmentsOf(model);
        if (plan.DifferenceFrom(blueprint.ModelName, [.. segments.Select(segment => segment.Name)]) is { } difference)
        {
            throw new ArgumentException(
                $"PipelineOptions.Plan does not fit {blueprint.ModelName} as it is now. {difference} Make the plan anew, or leave it unset.");
        }

        var canCutAfter = SegmentRuns.ByPins(segments);
        foreach (var (_, _, end) in plan.Stages)
        {
            if (canCutAfter[end - 1]) continue;
            throw new ArgumentException(
                $"PipelineOptions.Plan puts '{segments[end - 1].Name}' and '{segments[end].Name}' of {blueprint.ModelName} into different stages, "
                + $"but both are pinned to stage {segments[end].PinnedStage}. Make the plan anew, or drop the attribute.");
        }

        return SegmentRuns.Split(segments, plan.Stages.Select(stage => stage.End));
    }

    /// <summary>A stage's name: those of its segments.</summary>
    public static string Name<TModel>(IReadOnlyList<PipelineSegment<TModel>> stage)
        where TModel : torch.nn.Module
        => string.Join(", ", stage.Select(segment => segment.Name).Where(name => name.Length > 0)) is { Length: > 0 } name ? name : "forward";

    private static IReadOnlyList<int> Join<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, IReadOnlyList<PipelineSegment<TModel>> segments, int count, bool holdPins)
        where TModel : torch.nn.Module
    {
        var costs = SegmentEstimate.Of(blueprint, model).Segments;
        // Where nothing has parameters, one piece is as good as another.
        if (costs.All(segment => segment.Total == 0)) costs = [.. costs.Select(segment => segment with { Forward = segment.CanCutAfter ? 1 : 0 })];
        if (holdPins) costs = [.. costs.Select((segment, i) => segment with { PinnedStage = segments[i].PinnedStage })];
        try
        {
            return Partitioner.Solve(costs, new PartitionOptions(count)).Ends;
        }
        catch (PartitionException error)
        {
            throw new ArgumentException($"{blueprint.ModelName} can't be cut into {count} stage(s): {error.Message}", error);
        }
    }
}
