using PipelineSdk.Model;

namespace PipelineSdk.Execution;

/// <summary>Which inputs of a model are split into micro-batches, and along which dimension.</summary>
internal sealed class InputLayout
{
    private readonly PipelineOptions options;

    /// <exception cref="ArgumentException">An option names a parameter that <c>forward</c> does not have.</exception>
    public InputLayout(string modelName, IReadOnlyList<BoundarySlot> slots, PipelineOptions options)
    {
        ModelName = modelName;
        Slots = slots;
        this.options = options;
        foreach (var name in options.ReplicatedInputs) RequireParameter(name, nameof(options.ReplicatedInputs));
        foreach (var name in options.BatchDimensions.Keys) RequireParameter(name, nameof(options.BatchDimensions));
    }

    public string ModelName { get; }

    public IReadOnlyList<BoundarySlot> Slots { get; }

    /// <summary>The dimension that counts samples; null for an input that every micro-batch gets whole.</summary>
    public int? DimensionOf(int slot)
    {
        if (options.ReplicatedInputs.Any(name => IsPartOf(Slots[slot], name))) return null;
        foreach (var (name, dimension) in options.BatchDimensions)
        {
            if (IsPartOf(Slots[slot], name)) return dimension;
        }

        return 0;
    }

    // A parameter stands for all its parts, as input does for input.Mask.
    private static bool IsPartOf(BoundarySlot slot, string name)
        => slot.Name.StartsWith(name, StringComparison.Ordinal) && (slot.Name.Length == name.Length || slot.Name[name.Length] == '.');

    private void RequireParameter(string name, string option)
    {
        if (Slots.Any(slot => IsPartOf(slot, name))) return;
        throw new ArgumentException(
            $"PipelineOptions.{option} names '{name}', but {ModelName}.forward takes ({string.Join(", ", Slots.Select(slot => slot.Name))}).");
    }
}
