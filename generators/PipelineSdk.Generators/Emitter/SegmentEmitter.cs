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
        var input = model.Boundaries[index].TypeName;
        var output = model.Boundaries[index + 1].TypeName;
        var last = index == model.Segments.Count - 1;
        var slots = $"global::System.Collections.Generic.IReadOnlyList<{Contract}.BoundarySlot>";

        writer.Line($"/// <summary>{(segment.Name.Length == 0 ? "Statements that use no member." : Xml(segment.Name))}</summary>");
        writer.Open($"internal sealed class {segment.TypeName} : {Contract}.{(segment.Division is null ? "PipelineSegment" : "RangeSegment")}<{self}>");
        if (segment.Division is { } division)
        {
            Range(writer, self, segment, division);
        }
        else
        {
            Override(writer, $"string Name => {Literal(segment.Name)};");
            Override(writer, $"int? PinnedStage => {segment.PinnedStage?.ToString(CultureInfo.InvariantCulture) ?? "null"};");
        }

        // Another range follows unless this is the last one.
        var outputs = segment.Division is null ? $"{output}.Slots" : $"IsLast ? {output}.Slots : {input}.Slots";
        var created = segment.Division is null ? $"new {output}()" : $"IsLast ? new {output}() : new {input}()";
        Override(writer, $"{slots} Inputs => {input}.Slots;");
        Override(writer, $"{slots} Outputs => {outputs};");
        Override(writer, $"bool Uses(int slot) => {Uses(segment)};");
        Override(writer, $"{Contract}.Boundary CreateOutput() => {created};");
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override void Forward({self} model, {Contract}.Boundary input, {Contract}.Boundary output)");
        if (last)
        {
            writer.Line($"var filled = ({output})output;");
            writer.Line($"var result = model.{segment.MethodName}(({input})input);");
            foreach (var store in model.ResultStores) writer.Line(store);
        }
        else
        {
            writer.Line($"model.{segment.MethodName}(({input})input, {(segment.Division is null ? $"({output})output" : "output, Start, Bound")});");
        }

        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override void CollectMembers({self} model, {Contract}.SegmentMembers members)");
        foreach (var member in segment.Members) writer.Line(Collect(member));
        writer.Close();
        writer.Close();
    }

    private static void Override(SourceWriter writer, string member)
    {
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override " + member);
        writer.Line();
    }

    // public Segment1(int start, int end, bool isLast, int? pinnedStage) : base(start, end, isLast, pinnedStage) { }
    // protected override IReadOnlyList<string> Containers { get; } = new[] { "layers" };
    // public override IReadOnlyList<PipelineSegment<NanoGpt>> Divide(NanoGpt model)
    //     => Divide(model.layers.Count, static (start, end, isLast) => new Segment1(start, end, isLast, null));
    private static void Range(SourceWriter writer, string self, SegmentModel segment, DivisionModel division)
    {
        writer.Line("/// <summary>A range of the elements.</summary>");
        writer.Line($"public {segment.TypeName}(int start, int end, bool isLast, int? pinnedStage)");
        writer.Indent();
        writer.Line(": base(start, end, isLast, pinnedStage)");
        writer.Unindent();
        writer.Open();
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override global::System.Collections.Generic.IReadOnlyList<string> Containers { get; } = new[] { "
            + string.Join(", ", division.Containers.Select(Literal)) + " };");
        writer.Line();
        if (division.Ranges.Count > 0) return;
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override global::System.Collections.Generic.IReadOnlyList<{Contract}.PipelineSegment<{self}>> Divide({self} model)");
        writer.Indent();
        writer.Line($"=> Divide({division.Count}, static (start, end, isLast) => new {segment.TypeName}(start, end, isLast, null));");
        writer.Unindent();
        writer.Line();
    }

    /// <summary>The expressions that make a segment's instances: one, or one per range.</summary>
    public static IEnumerable<string> Instances(SegmentModel segment) => segment.Division switch
    {
        null => [$"new {segment.TypeName}()"],
        { Ranges.Count: 0 } => [$"new {segment.TypeName}(0, int.MaxValue, true, null)"],
        { Ranges: var ranges } => ranges.Select(range => string.Format(
            CultureInfo.InvariantCulture,
            "new {0}({1}, {2}, {3}, {4})",
            segment.TypeName,
            range.Start,
            range.End,
            range.IsLast ? "true" : "false",
            range.Stage)),
    };

    private static string Collect(MemberModel member) => member.Kind switch
    {
        MemberKind.Elements => $"members.AddElements({Literal(member.StateName)}, {member.Access}, {member.Range});",
        MemberKind.ListElements => $"members.AddElements(model, {Literal(member.StateName)}, {member.Access}, {member.Range});",
        MemberKind.Pieces => $"members.AddPieces({Literal(member.StateName)}, {member.Access}, {member.Range});",
        _ => $"members.Add({Literal(member.StateName)}, {member.Access});",
    };

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
