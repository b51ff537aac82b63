using System.Collections;
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

    /// <summary>
    /// Adds elements of a container: a <c>Sequential</c>, a <c>ModuleList</c>, a <c>ModuleDict</c>. Any other module is one element.
    /// </summary>
    /// <param name="name">The container's name.</param>
    /// <param name="container">The container; null adds nothing.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <param name="isLast">Whether the container must end where the range ends.</param>
    /// <exception cref="InvalidOperationException">The container has not as many elements as the attribute says.</exception>
    public void AddElements(string name, torch.nn.Module? container, int start, int end, bool isLast)
    {
        if (container is null) return;
        var elements = container is IEnumerable || SequentialRange.ElementsOf(container) is not null
            ? ModuleChildren.Of(container).Select(child => (Name: $"{name}.{child.Name}", child.Module)).ToList()
            : [(name, container)];
        ElementRange.Check(name, elements.Count, end, isLast);
        modules.AddRange(ElementRange.Of(elements, start, end));
    }

    /// <summary>Adds elements of an array or list of modules, under the names they are registered by in the model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">The array's name.</param>
    /// <param name="elements">The array; null adds nothing, and so does an element that is null.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <param name="isLast">Whether the array must end where the range ends.</param>
    /// <exception cref="InvalidOperationException">The array has not as many elements as the attribute says.</exception>
    public void AddElements(
        torch.nn.Module model, string name, IEnumerable<torch.nn.Module?>? elements, int start, int end, bool isLast)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (elements is null) return;
        var all = elements.ToList();
        ElementRange.Check(name, all.Count, end, isLast);
        var registered = model.named_children().ToList();
        for (var i = start; i < Math.Min(end, all.Count); i++)
        {
            if (all[i] is not { } module) continue;
            var known = registered.FirstOrDefault(child => ReferenceEquals(child.module, module)).name;
            modules.Add((known ?? $"{name}.{i}", module));
        }
    }

    /// <summary>Adds what pieces of a submodule use that is itself a pipeline class.</summary>
    /// <param name="name">The submodule's name.</param>
    /// <param name="model">The submodule; null adds nothing.</param>
    /// <param name="start">The first piece, counted from 0.</param>
    /// <param name="end">The first piece that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <param name="isLast">Whether the submodule must end where the range ends.</param>
    /// <exception cref="InvalidOperationException">The submodule has not as many pieces as the attribute says.</exception>
    public void AddPieces<TInner>(string name, TInner? model, int start, int end, bool isLast)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
    {
        if (model is null) return;
        var pieces = NestedPipeline.Pieces(model);
        ElementRange.Check(name, pieces.Count, end, isLast);
        var inner = new SegmentMembers();
        foreach (var segment in ElementRange.Of(pieces, start, end).SelectMany(static piece => piece)) segment.CollectMembers(model, inner);
        modules.AddRange(inner.modules.Select(entry => ($"{name}.{entry.Name}", entry.Module)));
        parameters.AddRange(inner.parameters.Select(entry => ($"{name}.{entry.Name}", entry.Parameter)));
        buffers.AddRange(inner.buffers.Select(entry => ($"{name}.{entry.Name}", entry.Buffer)));
    }
}
