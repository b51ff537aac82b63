using PipelineSdk.Model;
using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Execution;

/// <summary>The parameters that segments use.</summary>
internal static class SegmentParameters
{
    /// <summary>The parameters of segments, each once, with the names they have in <c>state_dict</c>.</summary>
    public static IReadOnlyList<(string Name, Parameter Parameter)> Of<TModel>(TModel model, params IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : torch.nn.Module
    {
        var members = new SegmentMembers();
        foreach (var segment in segments) segment.CollectMembers(model, members);
        var found = new List<(string, Parameter)>(members.Parameters);
        foreach (var (name, module) in members.Modules)
        {
            found.AddRange(module.named_parameters().Select(entry => ($"{name}.{entry.name}", entry.parameter)));
        }

        return [.. found.DistinctBy(entry => entry.Item1)];
    }
}
