using System.Globalization;
using PipelineSdk.Generators.Model;
using static PipelineSdk.Generators.Emitter.GeneratedFile;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes a segment class.</summary>
internal static class SegmentEmitter
{
    // internal sealed class Segment0 : PipelineSegment<ResNet20>
    // {
    //     public override void Forward(ResNet20 model, Boundary input, Boundary output)
    //         => model.PipelineSegment0((Inputs)input, (Cut1)output);
    // }
    public static void Emit(SourceWriter writer, PipelineModel model, int index)
    {
        var segment = model.Segments[index];
        var self = model.Type.FullName;
        var input = model.Boundaries[index];
        var output = model.Boundaries[index + 1];
        var last = index == model.Segments.Count - 1;
        var slots = $"global::System.Collections.Generic.IReadOnlyList<{Contract}.BoundarySlot>";

        writer.Line($"/// <summary>{Xml(segment.Name)}</summary>");
        writer.Open($"internal sealed class {segment.TypeName} : {Contract}.PipelineSegment<{self}>");
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override string Name => {Literal(segment.Name)};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override int? PinnedStage => {segment.PinnedStage?.ToString(CultureInfo.InvariantCulture) ?? "null"};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override {slots} Inputs => {input.TypeName}.Slots;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override {slots} Outputs => {output.TypeName}.Slots;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override bool Uses(int slot) => {Uses(segment)};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override {Contract}.Boundary CreateOutput() => new {output.TypeName}();");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override void Forward({self} model, {Contract}.Boundary input, {Contract}.Boundary output)");
        if (last)
        {
            writer.Line($"var filled = ({output.TypeName})output;");
            writer.Line($"var result = model.{segment.MethodName}(({input.TypeName})input);");
            foreach (var store in model.ResultStores) writer.Line(store);
        }
        else
        {
            writer.Line($"model.{segment.MethodName}(({input.TypeName})input, ({output.TypeName})output);");
        }

        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override void CollectMembers({self} model, {Contract}.SegmentMembers members)");
        foreach (var member in segment.Members)
        {
            writer.Line(member.Count == 0
                ? $"members.Add({Literal(member.StateName)}, {member.Access});"
                : string.Format(
                    CultureInfo.InvariantCulture,
                    "members.AddRange({0}, {1}, {2}, {3});",
                    Literal(member.StateName),
                    member.Access,
                    member.Start,
                    member.Count));
        }

        writer.Close();
        writer.Close();
    }

    private static string Uses(SegmentModel segment)
    {
        var used = segment.Uses.Select((uses, slot) => (uses, slot)).Where(item => item.uses).Select(item => item.slot).ToArray();
        if (used.Length == 0) return "false";
        if (used.Length == segment.Uses.Count)
        {
            return string.Format(CultureInfo.InvariantCulture, "slot is >= 0 and < {0}", used.Length);
        }

        return "slot is " + string.Join(" or ", used.Select(slot => slot.ToString(CultureInfo.InvariantCulture)));
    }
}
