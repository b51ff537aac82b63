namespace PipelineSdk.Generators.Model;

/// <summary>How the runtime treats a value that crosses a cut; the names are those of <c>BoundarySlotKind</c>.</summary>
internal enum SlotKind
{
    Tensor,
    NullableTensor,
    TensorCollection,
    Nested,
    Value,
}

/// <summary>One field of a boundary class.</summary>
/// <param name="Name">The variable, as the user wrote it, with the path to a part of it.</param>
/// <param name="Field">The field's name, escaped.</param>
/// <param name="Type">The field's type, fully qualified.</param>
/// <param name="DisplayType">The variable's type, as written in source.</param>
/// <param name="Kind">How the runtime treats it.</param>
/// <param name="Collection">What a <see cref="SlotKind.TensorCollection"/> holds; null for other kinds.</param>
internal sealed record SlotModel(
    string Name, string Field, string Type, string DisplayType, SlotKind Kind, CollectionModel? Collection = null);
