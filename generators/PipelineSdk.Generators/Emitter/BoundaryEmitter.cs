using System.Globalization;
using PipelineSdk.Generators.Model;
using static PipelineSdk.Generators.Emitter.GeneratedFile;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes a boundary class.</summary>
internal static class BoundaryEmitter
{
    // internal sealed class Cut1 : Boundary
    // {
    //     public static readonly BoundarySlot[] Slots = { new("x", "Tensor", BoundarySlotKind.Tensor) };
    //     public Tensor? x;
    //     public override void VisitTensors(ITensorVisitor visitor) => visitor.Visit(0, ref x);
    //     public override void Clear() => x = null;
    // }
    public static void Emit(SourceWriter writer, BoundaryModel boundary)
    {
        writer.Line($"/// <summary>{Xml(boundary.Summary)}</summary>");
        writer.Open($"internal sealed class {boundary.TypeName} : {Contract}.Boundary");
        writer.Line("/// <summary>The values, in slot order.</summary>");
        if (boundary.Slots.Count == 0)
        {
            writer.Line($"public static readonly {Contract}.BoundarySlot[] Slots = global::System.Array.Empty<{Contract}.BoundarySlot>();");
        }
        else
        {
            writer.Line($"public static readonly {Contract}.BoundarySlot[] Slots =");
            writer.Open();
            foreach (var slot in boundary.Slots)
            {
                writer.Line(
                    $"new {Contract}.BoundarySlot({Literal(slot.Name)}, {Literal(slot.DisplayType)}, {Contract}.BoundarySlotKind.{slot.Kind}),");
            }

            writer.Close("};");
        }

        foreach (var slot in boundary.Slots)
        {
            writer.Line();
            writer.Line($"/// <summary><c>{Xml(slot.DisplayType)} {Xml(slot.Name)}</c></summary>");
            writer.Line(slot.Kind == SlotKind.Value
                ? $"public {slot.Type} {slot.Field} = default!;"
                : $"public {slot.Type}? {slot.Field};");
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override void VisitTensors({Contract}.ITensorVisitor visitor)");
        if (boundary.Slots.Any(slot => slot.Kind == SlotKind.TensorCollection))
        {
            writer.Line($"var elements = visitor as {Contract}.IElementVisitor;");
        }

        for (var i = 0; i < boundary.Slots.Count; i++) Visit(writer, boundary.Slots[i], i);
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override void Clear()");
        foreach (var slot in boundary.Slots)
        {
            writer.Line($"this.{slot.Field} = {(slot.Kind == SlotKind.Value ? "default!" : "null")};");
        }

        writer.Close();
        writer.Close();
    }

    private static void Visit(SourceWriter writer, SlotModel slot, int index)
    {
        switch (slot.Kind)
        {
            case SlotKind.Tensor:
            case SlotKind.NullableTensor:
                writer.Line(string.Format(CultureInfo.InvariantCulture, "visitor.Visit({0}, ref this.{1});", index, slot.Field));
                break;
            case SlotKind.TensorCollection:
                CollectionEmitter.Emit(writer, slot, index);
                break;
            case SlotKind.Nested:
                writer.Line(string.Format(
                    CultureInfo.InvariantCulture, "{0}.NestedPipeline.VisitTensors(ref this.{1}, {2}, visitor);", Contract, slot.Field, index));
                break;
            case SlotKind.Value:
            default:
                break;
        }
    }
}
