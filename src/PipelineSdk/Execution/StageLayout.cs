using PipelineSdk.Model;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Groups a blueprint's segments into stages: neighbours, in order.</summary>
internal static class StageLayout
{
    /// <summary>Segments of each stage.</summary>
    /// <exception cref="ArgumentException">There are more stages wanted than pieces to make them of, or the choice is open.</exception>
    public static IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> Group<TModel>(
        PipelineBlueprint<TModel> blueprint, TModel model, int? stages)
        where TModel : torch.nn.Module
    {
        var segments = blueprint.SegmentsOf(model);
        var pieces = Pieces(segments);
        var open = segments.All(segment => segment.PinnedStage is null);
        if (open && stages is null && pieces.Count > 1)
        {
            throw new ArgumentException(
                $"{blueprint.ModelName} names no stages: set PipelineOptions.Stages (1 to {pieces.Count}), or pin members with "
                + "[PipelineStage(k)].");
        }

        var count = stages ?? pieces.Count;
        if (count > pieces.Count)
        {
            throw new ArgumentException(
                $"PipelineOptions.Stages is {count}, but {blueprint.ModelName} is cut into {pieces.Count} "
                + $"({string.Join(" | ", pieces.Select(Name))}). Use at most {pieces.Count}, or cut it further with [PipelineStage].");
        }

        // The remainder goes to the later stages: the first also has the input's largest activations.
        return [.. Enumerable.Range(0, count).Select(stage =>
        {
            var start = stage * pieces.Count / count;
            var end = (stage + 1) * pieces.Count / count;
            return (IReadOnlyList<PipelineSegment<TModel>>)[.. pieces.Skip(start).Take(end - start).SelectMany(piece => piece)];
        })];
    }

    /// <summary>A stage's name: those of its segments.</summary>
    public static string Name<TModel>(IReadOnlyList<PipelineSegment<TModel>> stage)
        where TModel : torch.nn.Module
        => string.Join(", ", stage.Select(segment => segment.Name).Where(name => name.Length > 0));

    /// <summary>What cannot be divided: the run of segments pinned to one stage, or a single open segment.</summary>
    private static List<List<PipelineSegment<TModel>>> Pieces<TModel>(IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
    {
        var pieces = new List<List<PipelineSegment<TModel>>>();
        foreach (var segment in segments)
        {
            if (segment.PinnedStage is { } stage && pieces is [.., var last] && last[0].PinnedStage == stage) last.Add(segment);
            else pieces.Add([segment]);
        }

        return pieces;
    }
}
