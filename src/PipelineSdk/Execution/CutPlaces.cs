using PipelineSdk.Model;
using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Execution;

/// <summary>Where a stage may end.</summary>
internal static class CutPlaces
{
    /// <summary>For each segment, whether a stage may end after it, as far as pins say: not within a run pinned to one stage.</summary>
    public static bool[] ByPins<TModel>(IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
        => [.. segments.Select((segment, i) =>
            i == segments.Count - 1 || segment.PinnedStage is null || segment.PinnedStage != segments[i + 1].PinnedStage)];

    /// <summary>
    /// As <see cref="ByPins"/>, and not between two segments that use one parameter, since two threads would add to its gradient; nor
    /// between a segment that uses no member and the one before, at the beginning the one after.
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

        var lastUse = new Dictionary<Parameter, int>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < segments.Count; i++)
        {
            foreach (var (_, parameter) in SegmentParameters.Of(model, segments[i]))
            {
                if (lastUse.TryGetValue(parameter, out var before)) Array.Fill(places, false, before, i - before);
                lastUse[parameter] = i;
            }
        }

        return places;
    }
}
