using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Puts the cuts of <c>forward</c> into the models that are emitted.</summary>
internal sealed class ModelBuilder(
    TypeModel type, ForwardMethod forward, VariableTable variables, Placement placement, StepFactory factory, GeneratedNames names)
{
    // Members of Boundary and object, and our own, that a field may not hide.
    private static readonly string[] Reserved =
        ["Slots", "VisitTensors", "Clear", "Clone", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize"];

    private readonly Crossing crossing = new(forward);
    private readonly string input = variables.Unique("input");
    private readonly string output = variables.Unique("output");
    private readonly string partial = variables.Unique("partial");
    private readonly string complete = variables.Unique("complete");

    public (PipelineModel Model, ForwardModel Forward) Build(IReadOnlyList<Cut> cuts)
    {
        var shapes = cuts.Select((cut, i) => Shapes(BoundaryName(i), cut.LiveIn)).ToList();
        var resultFields = Fields("ResultBoundary");
        var result = SlotShape.Of("result", crossing.ValueOf(forward.Symbol.ReturnType), resultFields);
        var boundaries = shapes
            .Select((shape, i) => new BoundaryModel(
                BoundaryName(i),
                i == 0
                    ? "The arguments of forward."
                    : $"The values alive {Between(NameOf(cuts[i - 1]), NameOf(cuts[i]))}.",
                shape.SelectMany(item => item.Shape.Leaves).Select(leaf => leaf.Slot).ToEquatableArray()))
            .Append(new BoundaryModel("ResultBoundary", "The result of forward.", result.Leaves.Select(leaf => leaf.Slot).ToEquatableArray()));

        var segments = new List<SegmentModel>();
        var bodies = new List<SegmentBodyModel>();
        for (var i = 0; i < cuts.Count; i++)
        {
            var typeName = "Segment" + i.ToString(CultureInfo.InvariantCulture);
            var method = names.Method(i);
            segments.Add(new SegmentModel(
                typeName,
                method,
                NameOf(cuts[i]),
                placement.IsPinned ? cuts[i].Stage : null,
                shapes[i].SelectMany(item => LeafUses.Of(cuts[i], item.Variable, item.Shape)).ToEquatableArray(),
                Members(cuts[i]),
                DivisionOf(cuts[i])));
            bodies.Add(Body(cuts, shapes, i, method));
        }

        var model = new PipelineModel(
            type,
            names.Parts,
            Parameters(shapes[0]),
            boundaries.ToEquatableArray(),
            segments.ToEquatableArray(),
            result.Compose("filled"),
            TypeNames.Full(forward.Symbol.ReturnType),
            result.Stores("filled", "result").ToEquatableArray());
        return (model, new ForwardModel(
            type,
            names.Parts,
            forward.Syntax.SyntaxTree.FilePath,
            Usings(),
            forward.IsUnsafe,
            TypeNames.Full(forward.Symbol.ReturnType),
            input,
            output,
            factory.Start,
            factory.End,
            bodies.ToEquatableArray()));
    }

    private SegmentBodyModel Body(IReadOnlyList<Cut> cuts, List<List<(Variable Variable, SlotShape Shape)>> shapes, int index, string method)
    {
        var cut = cuts[index];
        var isLast = index + 1 == cuts.Count;
        var loads = new List<(Variable Variable, string Text)>();
        foreach (var (variable, shape) in shapes[index].Where(item => cut.Mentions(item.Variable)))
        {
            loads.Add((variable, $"{TypeNames.Full(variable.Type)} {variable.Identifier} = {shape.Compose(input)};"));
        }

        var loaded = new HashSet<Variable>(shapes[index].Select(item => item.Variable));
        var bare = cut.Steps.SelectMany(step => step.Mentions).Distinct()
            .Where(variable => !loaded.Contains(variable) && !cut.Declares(variable))
            .Where(variable => variable.Position < 0 || cuts.Any(other => other.Declares(variable)))
            .OrderBy(variable => variable.Position);
        loads.AddRange(bare.Where(variable => !IsNestedIn(cut, variable))
            .Select(variable => (variable, $"{TypeNames.Full(variable.Type)} {variable.Identifier};")));

        var writer = new FrameWriter(loads, opened: cuts.Take(index).SelectMany(before => before.Steps).SelectMany(step => step.Frames));
        writer.AddShared(Shared(cut, constants: true));
        var needed = new HashSet<Variable>(cuts.Skip(index + 1).SelectMany(after => after.LiveIn));
        foreach (var step in cut.Steps) writer.Add(step, WithoutUsing(step, needed));
        if (!isLast)
        {
            var stores = cut.Division is null
                ? Stores(cut, shapes, index, index + 1, output)
                :
                [
                    $"if ({output} is {names.Parts}.{BoundaryName(index)} {partial})",
                    "{",
                    .. Stores(cut, shapes, index, index, partial).Select(store => "    " + store),
                    "}",
                    "else",
                    "{",
                    $"    var {complete} = ({names.Parts}.{BoundaryName(index + 1)}){output};",
                    .. Stores(cut, shapes, index, index + 1, complete).Select(store => "    " + store),
                    "}",
                ];
            writer.End(stores, output);
        }

        writer.Close();
        writer.AddShared(Shared(cut, constants: false));

        return new SegmentBodyModel(
            method,
            NameOf(cut),
            BoundaryName(index),
            isLast ? null : BoundaryName(index + 1),
            cut.Division is not null,
            writer.Lines.ToEquatableArray());
    }

    // Assignments that put the values of boundary `to` into `target`, from the segment's variables or from what it was given.
    private IEnumerable<string> Stores(
        Cut cut, List<List<(Variable Variable, SlotShape Shape)>> shapes, int from, int to, string target)
    {
        foreach (var (variable, shape) in shapes[to])
        {
            var stores = cut.Mentions(variable) || cut.Declares(variable)
                ? shape.Stores(target, variable.Identifier)
                : shape.Leaves.Select(leaf => $"{target}.{leaf.Slot.Field} = {input}.{Same(shapes[from], variable, leaf.Path)};");
            foreach (var store in stores) yield return store;
        }
    }

    // What later segments need may not end with this one; the pipeline disposes it when its work is done.
    private StatementModel WithoutUsing(Step step, HashSet<Variable> needed)
    {
        if (step.Node is not LocalDeclarationStatementSyntax { UsingKeyword: { RawKind: not 0 } keyword } declaration
            || !step.Declares.Any(needed.Contains))
        {
            return step.Code;
        }

        var length = declaration.Declaration.SpanStart - keyword.SpanStart;
        return step.Code with
        {
            Text = step.Code.Text.Substring(length),
            Span = factory.Text.Locate(TextSpan.FromBounds(declaration.Declaration.SpanStart, declaration.Span.End)),
        };
    }

    // Constants and local functions are repeated in every segment that names them; functions come last, because what they
    // capture must be declared before them.
    private IEnumerable<StatementModel> Shared(Cut cut, bool constants)
    {
        var pending = new Stack<ISymbol>(cut.Steps.SelectMany(step => step.SharedDeclarations));
        var nodes = new SortedDictionary<int, SyntaxNode>();
        while (pending.Count > 0)
        {
            if (pending.Pop().DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not { } declaration) continue;
            var statement = declaration.FirstAncestorOrSelf<StatementSyntax>();
            if (statement?.Parent != forward.Syntax.Body || statement is null || nodes.ContainsKey(statement.SpanStart)) continue;
            nodes[statement.SpanStart] = statement;
            foreach (var symbol in factory.SharedIn(statement.Span)) pending.Push(symbol);
        }

        return nodes.Values.Where(node => node is LocalDeclarationStatementSyntax == constants).Select(node => factory.Verbatim(node.Span));
    }

    private static bool IsNestedIn(Cut cut, Variable variable)
        => variable.Symbol?.DeclaringSyntaxReferences.FirstOrDefault() is { } reference
            && cut.Steps.Any(step => step.Node.Span.Contains(reference.Span));

    private static string Same(List<(Variable Variable, SlotShape Shape)> shapes, Variable variable, string path)
        => shapes.First(item => item.Variable == variable).Shape.Leaves.First(leaf => leaf.Path == path).Slot.Field;

    private List<(Variable Variable, SlotShape Shape)> Shapes(string boundary, IReadOnlyList<Variable> live)
    {
        var fields = Fields(boundary);
        return [.. live.Select(variable => (variable, SlotShape.Of(variable.Name, crossing.ValueOf(variable.Type), fields)))];
    }

    private static Func<string, string> Fields(string boundary)
    {
        var taken = new HashSet<string>(Reserved) { boundary };
        return name =>
        {
            while (!taken.Add(name)) name += "_";
            return TypeNames.Escape(name);
        };
    }

    private static EquatableArray<ParameterModel> Parameters(List<(Variable Variable, SlotShape Shape)> shapes) => shapes
        .Select((item, i) =>
        {
            var local = "argument" + i.ToString(CultureInfo.InvariantCulture);
            return new ParameterModel(
                item.Variable.Name,
                TypeNames.Full(item.Variable.Type),
                local,
                item.Shape.Stores("bound", local).ToEquatableArray());
        })
        .ToEquatableArray();

    private EquatableArray<MemberModel> Members(Cut cut) => cut.Steps.SelectMany(step => step.Members).Distinct()
        .Where(part => part.Member.IsListed && IsAccessible(part.Member))
        .Select(part => part switch
        {
            { Element: { } element } => new MemberModel(
                part.Member.StateName, Access(part.Member), part.Member.Container == ContainerKind.List ? MemberKind.ListElements : MemberKind.Elements, OneOf(part.Member, element)),
            { Member.Container: ContainerKind.List } => new MemberModel(
                part.Member.StateName, Access(part.Member), MemberKind.ListElements, "0, int.MaxValue, true"),
            _ => new MemberModel(part.Member.StateName, Access(part.Member), MemberKind.Whole, ""),
        })
        .Concat(cut.Division is null ? [] : cut.Division.Members.Where(IsAccessible).Select(member => new MemberModel(
            member.StateName,
            Access(member),
            member.Container switch
            {
                ContainerKind.List => MemberKind.ListElements,
                ContainerKind.Pipeline => MemberKind.Pieces,
                _ => MemberKind.Elements,
            },
            "Start, End, IsLast")))
        .ToEquatableArray();

    private bool IsAccessible(ModelMember member) => forward.Semantics.IsAccessible(forward.Body.SpanStart, member.Symbol);

    // The range of the one element; from the end where the index is negative.
    private static string OneOf(ModelMember member, int element) => element >= 0
        ? string.Format(CultureInfo.InvariantCulture, "{0}, {1}, false", element, element + 1)
        : string.Format(CultureInfo.InvariantCulture, "{0} - {1}, {0} - {2}, false", CountOf(member), -element, -element - 1);

    private static DivisionModel? DivisionOf(Cut cut)
    {
        if (cut.Division is not { } division) return null;
        var ranges = new List<RangeModel>();
        if (division.Members[0] is { Counts: { } counts, Pinned: { } stages })
        {
            for (var i = 0; i < counts.Count; i++)
            {
                var start = counts.Take(i).Sum();
                ranges.Add(new RangeModel(start, start + counts[i], i == counts.Count - 1, stages.First + i));
            }
        }

        return new DivisionModel(
            division.Members.Select(member => member.Name).ToEquatableArray(), ranges.ToEquatableArray(), CountOf(division.Members[0]));
    }

    private static string CountOf(ModelMember member) => member.Container switch
    {
        ContainerKind.Pipeline => $"{GeneratedFile.Contract}.NestedPipeline.Count({Access(member)}!)",
        ContainerKind.List => $"global::System.Linq.Enumerable.Count({Access(member)}!)",
        ContainerKind.Sequential => $"{GeneratedFile.Contract}.SequentialRange.Count({Access(member)})",
        _ => $"{Access(member)}!.Count",
    };

    // A member of an interface type is a module all the same.
    private static string Access(ModelMember member) => "model." + TypeNames.Escape(member.Name)
        + (member is { Type.TypeKind: TypeKind.Interface, Container: not ContainerKind.List } ? " as global::TorchSharp.torch.nn.Module" : "");

    // What the segment uses; nothing where it uses no member.
    private static string NameOf(Cut cut) => string.Join(", ", cut.Steps.SelectMany(step => step.Members).Distinct()
        .Where(part => part.Member.IsListed)
        .Select(part => part.Element is not { } element ? part.Member.Name
            : string.Format(CultureInfo.InvariantCulture, element < 0 ? "{0}[^{1}]" : "{0}[{1}]", part.Member.Name, Math.Abs(element)))
        .Concat(cut.Division?.Members.Select(member => member.Name) ?? []));

    private static string Between(string before, string after) => (before, after) switch
    {
        ("", _) => $"before {after}",
        (_, "") => $"after {before}",
        _ => $"between {before} and {after}",
    };

    private static string BoundaryName(int index) => index == 0 ? "InputBoundary" : "Cut" + index.ToString(CultureInfo.InvariantCulture);

    // The directives of the file, then those of each namespace declaration around the class.
    private EquatableArray<EquatableArray<string>> Usings()
    {
        var root = (CompilationUnitSyntax)forward.Syntax.SyntaxTree.GetRoot();
        var levels = new List<EquatableArray<string>>
        {
            root.Externs.Select(directive => directive.ToString())
                .Concat(root.Usings.Where(directive => directive.GlobalKeyword.IsKind(SyntaxKind.None)).Select(directive => directive.ToString()))
                .ToEquatableArray(),
        };
        levels.AddRange(forward.Syntax.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(space =>
            space.Externs.Select(directive => directive.ToString()).Concat(space.Usings.Select(directive => directive.ToString()))
                .ToEquatableArray()));
        return levels.ToEquatableArray();
    }
}
