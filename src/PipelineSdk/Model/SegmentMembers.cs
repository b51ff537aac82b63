using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Model;

/// <summary>The submodules, parameters and buffers that a segment uses, under the names they have in the model's <c>state_dict</c>.</summary>
public sealed class SegmentMembers
{
    private readonly List<(string Name, torch.nn.Module Module)> modules = [];
    private readonly List<(string Name, Parameter Parameter)> parameters = [];
    private readonly List<(string Name, torch.Tensor Buffer)> buffers = [];

    /// <summary>Submodules, in the order added.</summary>
    public IReadOnlyList<(string Name, torch.nn.Module Module)> Modules => modules;

    /// <summary>Parameters that are members of the model itself, in the order added.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters => parameters;

    /// <summary>Buffers that are members of the model itself, in the order added.</summary>
    public IReadOnlyList<(string Name, torch.Tensor Buffer)> Buffers => buffers;

    /// <summary>Adds a submodule; null (an optional submodule that is absent) adds nothing.</summary>
    public void Add(string name, torch.nn.Module? module)
    {
        if (module is not null) modules.Add((name, module));
    }

    /// <summary>Adds a parameter or a buffer; null adds nothing.</summary>
    public void Add(string name, torch.Tensor? tensor)
    {
        if (tensor is Parameter parameter) parameters.Add((name, parameter));
        else if (tensor is not null) buffers.Add((name, tensor));
    }

    /// <summary>Adds the elements <paramref name="start"/> to <paramref name="start"/> + <paramref name="count"/> of a container.</summary>
    public void AddRange(string name, Sequential container, int start, int count)
    {
        SequentialRange.Check(name, container, start, count);
        var children = container.named_children().Skip(start).Take(count);
        foreach (var (child, module) in children) modules.Add(($"{name}.{child}", module));
    }
}
