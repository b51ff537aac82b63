namespace PipelineSdk.Model;

/// <summary>A place between two segments of a model, and the values alive there: what is handed on if a stage ends there.</summary>
/// <param name="After">The name of the segment before the cut.</param>
/// <param name="Before">The name of the segment after the cut.</param>
/// <param name="Slots">The values, in slot order. What merely passes through the segment after the cut is among them.</param>
public sealed record PipelineCut(string After, string Before, IReadOnlyList<BoundarySlot> Slots)
{
    /// <summary>The cut in words, such as <c>stem | head: 2 tensors (x, skip), 1 list (features) and 1 value (n)</c>.</summary>
    public override string ToString()
    {
        string[] parts =
        [
            .. Describe("tensor", slot => slot.Kind is BoundarySlotKind.Tensor or BoundarySlotKind.NullableTensor),
            .. Describe("list", slot => slot.Kind is not (BoundarySlotKind.Tensor or BoundarySlotKind.NullableTensor or BoundarySlotKind.Value)),
            .. Describe("value", slot => slot.Kind == BoundarySlotKind.Value),
        ];
        var carried = parts switch
        {
            [] => "nothing",
            [var only] => only,
            [.. var first, var last] => $"{string.Join(", ", first)} and {last}",
        };
        return $"{After} | {Before}: {carried}";
    }

    private IEnumerable<string> Describe(string kind, Func<BoundarySlot, bool> condition)
    {
        var names = Slots.Where(condition).Select(slot => slot.Name).ToList();
        if (names.Count > 0) yield return $"{names.Count} {kind}{(names.Count == 1 ? "" : "s")} ({string.Join(", ", names)})";
    }
}
