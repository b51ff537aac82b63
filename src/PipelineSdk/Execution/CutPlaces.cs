using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Where a stage may end.</summary>
internal static class CutPlaces
{
    /// <summary>
    /// As <see cref="SegmentRuns.Of"/>, and not between two segments that use one weight, since two threads would add to its gradient. Names that
    /// are declared tied have a gradient each.
    /// </summary>
    public static bool[] Of<TModel>(TModel model, IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
    {
        var places = SegmentRuns.Of(model, segments);
        var tied = TiedNames.Of(model);
        var lastUse = new Dictionary<(nint, string?), int>();
        for (var i = 0; i < segments.Count; i++)
        {
            foreach (var (name, parameter) in SegmentParameters.Of(model, segments[i]))
            {
                if (tied.KeyOf(name, parameter) is not { } key) continue;
                if (lastUse.TryGetValue(key, out var before)) Array.Fill(places, false, before, i - before);
                lastUse[key] = i;
            }
        }

        return places;
    }
}
