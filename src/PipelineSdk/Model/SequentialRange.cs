using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Model;

/// <summary>Runs a range of the elements of a user's <c>Sequential</c>, in place: no slice is made and nothing is owned.</summary>
/// <remarks>
/// As <c>Sequential.forward</c> does, an intermediate result is disposed as soon as the next element has returned. Another module, or a
/// class derived from <c>Sequential</c>, counts as one element, because only its own <c>forward</c> knows what it does.
/// </remarks>
public static class SequentialRange
{
    /// <summary>How many elements there are to place; called by generated code.</summary>
    /// <param name="container">The user's container; null has none.</param>
    public static int Count(torch.nn.IModule<torch.Tensor, torch.Tensor>? container)
        => container is null ? 0 : ElementsOf(container)?.Count ?? 1;

    /// <summary>Runs elements <paramref name="start"/> up to, not including, <paramref name="end"/>; called by generated code.</summary>
    /// <param name="container">The user's container.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <param name="input">The input of the first of them; not disposed.</param>
    /// <returns>The result of the last of them; <paramref name="input"/> itself where the range is empty.</returns>
    public static torch.Tensor Forward(torch.nn.IModule<torch.Tensor, torch.Tensor> container, int start, int end, torch.Tensor input)
    {
        ArgumentNullException.ThrowIfNull(container);
        if (ElementsOf(container) is not { } elements) return start == 0 && end > 0 ? container.call(input) : input;
        var current = input;
        for (var i = start; i < Math.Min(end, elements.Count); i++)
        {
            var next = elements[i].call(current);
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next)) current.Dispose();
            current = next;
        }

        return current;
    }

    /// <summary>The container whose elements may be run one by one, or null.</summary>
    internal static Sequential? ElementsOf(object container)
        => container is Sequential elements && elements.GetType() == typeof(Sequential) ? elements : null;
}
