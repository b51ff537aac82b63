using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The modules that segments run, those within others too, and the buffers that are members of the model itself.</summary>
internal sealed class StageMembers
{
    private StageMembers(SegmentMembers members)
    {
        Modules =
        [
            .. members.Modules
                .SelectMany(entry => entry.Module.named_modules().Select(inner => (Name: $"{entry.Name}.{inner.name}", Module: inner.module)).Prepend((entry.Name, entry.Module)))
                .DistinctBy(entry => entry.Module, ReferenceEqualityComparer.Instance),
        ];
        AllModules = [.. Modules.Select(entry => entry.Module)];
        OwnBuffers = [.. members.Buffers.Select(entry => entry.Buffer)];
        Members = members;
    }

    /// <summary>Every module once, by its name in the model.</summary>
    public IReadOnlyList<(string Name, nn.Module Module)> Modules { get; }

    public IReadOnlyList<nn.Module> AllModules { get; }

    /// <summary>Buffers of the model itself.</summary>
    public IReadOnlyList<Tensor> OwnBuffers { get; }

    /// <summary>The members themselves.</summary>
    public SegmentMembers Members { get; }

    public static StageMembers Of<TModel>(TModel model, params IReadOnlyList<PipelineSegment<TModel>> segments)
        where TModel : nn.Module
    {
        var members = new SegmentMembers();
        foreach (var segment in segments) segment.CollectMembers(model, members);
        return new StageMembers(members);
    }
}
