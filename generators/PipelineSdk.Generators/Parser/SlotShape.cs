using System.Globalization;
using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>How a value is laid out in a boundary: one slot, or one per element of a tuple.</summary>
/// <param name="Leaves">The slots, each with the path from the value to what it holds, such as <c>.Item1</c>.</param>
/// <param name="Compose">Builds the value from a boundary expression.</param>
internal sealed record SlotShape(IReadOnlyList<(SlotModel Slot, string Path)> Leaves, Func<string, string> Compose)
{
    /// <param name="name">The variable.</param>
    /// <param name="type">Its type.</param>
    /// <param name="field">Picks a free field name for a slot.</param>
    public static SlotShape Of(string name, ITypeSymbol type, Func<string, string> field)
    {
        var leaves = new List<(SlotModel, string)>();
        var compose = Add(leaves, name, type, "", field);
        return new SlotShape(leaves, compose);
    }

    private static Func<string, string> Add(
        List<(SlotModel Slot, string Path)> leaves, string name, ITypeSymbol type, string path, Func<string, string> field)
    {
        if (type.IsTupleType && type is INamedTypeSymbol tuple && HoldsTensor(tuple))
        {
            var parts = tuple.TupleElements
                .Select((element, i) => Add(
                    leaves, $"{name}.{element.Name}", element.Type, path + ".Item" + (i + 1).ToString(CultureInfo.InvariantCulture), field))
                .ToList();
            return source => "(" + string.Join(", ", parts.Select(part => part(source))) + ")";
        }

        var kind =
            TorchTypes.IsTensor(type)
                ? type.NullableAnnotation == NullableAnnotation.Annotated ? SlotKind.NullableTensor : SlotKind.Tensor
            : Crossing.IsTensorList(type) ? SlotKind.TensorList
            : SlotKind.Value;
        var stored = kind == SlotKind.Value ? type : type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        var slot = new SlotModel(name, field(name.Replace('.', '_')), TypeNames.Full(stored), TypeNames.Short(type), kind);
        leaves.Add((slot, path));
        return source => $"{source}.{slot.Field}{(kind is SlotKind.Tensor or SlotKind.TensorList ? "!" : "")}";
    }

    private static bool HoldsTensor(INamedTypeSymbol tuple) => tuple.TupleElements.Any(element =>
        TorchTypes.IsTensor(element.Type) || Crossing.IsTensorList(element.Type)
        || (element.Type is INamedTypeSymbol { IsTupleType: true } inner && HoldsTensor(inner)));
}
