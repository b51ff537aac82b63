using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Model;

/// <summary>Runs a range of the elements of a user's <c>Sequential</c>, in place: no slice is made and nothing is owned.</summary>
/// <remarks>As <c>Sequential.forward</c> does, an intermediate result is disposed as soon as the next element has returned.</remarks>
public static class SequentialRange
{
    /// <summary>Runs elements <paramref name="start"/> up to <paramref name="start"/> + <paramref name="count"/>.</summary>
    /// <param name="name">The member's name, for errors.</param>
    /// <param name="container">The user's container.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="input">The input of the first of them; not disposed.</param>
    /// <exception cref="InvalidOperationException">The container has fewer elements.</exception>
    public static torch.Tensor Forward(string name, Sequential container, int start, int count, torch.Tensor input)
    {
        Check(name, container, start, count);
        var current = container[start].call(input);
        for (var i = start + 1; i < start + count; i++)
        {
            var next = container[i].call(current);
            if (!ReferenceEquals(current, input) && !ReferenceEquals(current, next)) current.Dispose();
            current = next;
        }

        return current;
    }

    internal static void Check(string name, Sequential container, int start, int count)
    {
        ArgumentNullException.ThrowIfNull(container);
        if (start + count > container.Count)
        {
            throw new InvalidOperationException(
                $"[PipelineStages] on '{name}' places elements {start} to {start + count - 1}, but the Sequential has "
                + $"{container.Count}. Make the counts add up to {container.Count}.");
        }
    }
}
