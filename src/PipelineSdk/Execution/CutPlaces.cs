using PipelineSdk.Model;
using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Execution;

/// <summary>Where a stage may end.</summary>
internal static class CutPlaces
{
    /// <summary>
    /// As <see cref="SegmentRuns.Of"/>, and not between two segments that use one parameter, since two threads would add to its gradient.
    /// </summary>
    public static bool[] Of<TModel>(TModel model, IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
    {
        var places = SegmentRuns.Of(model, segments);
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
