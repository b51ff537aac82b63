using System.Globalization;
using PipelineSdk.Model;

namespace PipelineSdk.Execution;

/// <summary>Where a visitor stands in a boundary: the slot, and in a collection the element, the element in it, and so on.</summary>
internal sealed class ElementPath
{
    private readonly List<object> keys = [];
    private int slot = -1;
    private int tensors;

    /// <summary>Goes on to an element, as <see cref="IElementVisitor.Enter"/> tells it.</summary>
    public void Enter(int ofSlot, int depth, object key)
    {
        Reach(ofSlot);
        keys.RemoveRange(depth, keys.Count - depth);
        keys.Add(key);
        tensors = 0;
    }

    /// <summary>The place of the element just entered.</summary>
    public TensorPlace Element() => new(slot, [.. keys], -1);

    /// <summary>The place of the tensor that is shown next in a slot.</summary>
    public TensorPlace Next(int ofSlot)
    {
        Reach(ofSlot);
        return new(slot, [.. keys], tensors++);
    }

    private void Reach(int ofSlot)
    {
        if (slot == ofSlot) return;
        (slot, tensors) = (ofSlot, 0);
        keys.Clear();
    }
}

/// <summary>The place of a tensor, or of an element, in a boundary.</summary>
/// <param name="slot">The slot.</param>
/// <param name="keys">The keys and numbers that lead to the element; none outside of collections.</param>
/// <param name="number">Which tensor of the element, counted from 0; -1 for the element itself.</param>
internal sealed class TensorPlace(int slot, object[] keys, int number) : IEquatable<TensorPlace>
{
    private readonly int slot = slot;
    private readonly object[] keys = keys;
    private readonly int number = number;

    public bool Equals(TensorPlace? other)
        => other is not null && slot == other.slot && number == other.number && keys.AsSpan().SequenceEqual(other.keys);

    public override bool Equals(object? obj) => Equals(obj as TensorPlace);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(slot);
        hash.Add(number);
        foreach (var key in keys) hash.Add(key);
        return hash.ToHashCode();
    }

    /// <summary>As in C#: <c>features["low"][2]</c>.</summary>
    public string In(IReadOnlyList<BoundarySlot> slots)
        => slots[slot].Name + string.Concat(keys.Select(key => key is string text
            ? $"[\"{text}\"]"
            : string.Create(CultureInfo.InvariantCulture, $"[{key}]")));
}
