using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>Which neighbouring segments belong together, whatever they cost.</summary>
internal static class SegmentRuns
{
    /// <summary>For each segment, whether a stage may end after it, as far as pins say: not within a run pinned to one stage.</summary>
    public static bool[] ByPins<TModel>(IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
        => [.. segments.Select((segment, i) =>
            i == segments.Count - 1 || segment.PinnedStage is null || segment.PinnedStage != segments[i + 1].PinnedStage)];

    /// <summary>
    /// As <see cref="ByPins"/>, and not between a segment that uses no member and the one before, at the beginning the one after.
    /// </summary>
    public static bool[] Of<TModel>(TModel model, IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
    {
        var places = ByPins(segments);
        var begun = false;
        for (var i = 0; i < segments.Count; i++)
        {
            var free = segments[i].IsFree(model);
            if (i > 0 && (free || !begun)) places[i - 1] = false;
            begun |= !free;
        }

        return places;
    }

    /// <summary>Makes runs of segments, given where they end.</summary>
    public static IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> Split<TModel>(
        IReadOnlyList<PipelineSegment<TModel>> segments, IEnumerable<int> ends)
        where TModel : torch.nn.Module
    {
        var start = 0;
        var runs = new List<IReadOnlyList<PipelineSegment<TModel>>>();
        foreach (var end in ends)
        {
            runs.Add([.. segments.Skip(start).Take(end - start)]);
            start = end;
        }

        return runs;
    }

    /// <summary>The segments after those that a run may end after.</summary>
    public static IEnumerable<int> Ends(bool[] mayEndAfter) => Enumerable.Range(1, mayEndAfter.Length).Where(end => mayEndAfter[end - 1]);
}
