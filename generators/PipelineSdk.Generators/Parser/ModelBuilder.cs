using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Puts the cuts of <c>forward</c> into the models that are emitted.</summary>
internal sealed class ModelBuilder(
    TypeModel type, ForwardMethod forward, VariableTable variables, Placement placement, StepFactory factory, GeneratedNames names)
{
    // Members of Boundary and object, and our own, that a field may not hide.
    private static readonly string[] Reserved =
        ["Slots", "VisitTensors", "Clear", "Clone", "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize"];

    private readonly string input = variables.Unique("input");
    private readonly string output = variables.Unique("output");

    public (PipelineModel Model, ForwardModel Forward) Build(IReadOnlyList<Cut> cuts)
    {
        var shapes = cuts.Select((cut, i) => Shapes(BoundaryName(i), cut.LiveIn)).ToList();
        var resultFields = Fields("ResultBoundary");
        var result = SlotShape.Of("result", forward.Symbol.ReturnType, resultFields);
        var boundaries = shapes
            .Select((shape, i) => new BoundaryModel(
                BoundaryName(i),
                i == 0
                    ? "The arguments of forward."
                    : $"The values alive between {NameOf(cuts[i - 1])} and {NameOf(cuts[i])}.",
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
                shapes[i].SelectMany(item => item.Shape.Leaves.Select(_ => cuts[i].Mentions(item.Variable))).ToEquatableArray(),
                Members(cuts[i])));
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
            result.Leaves.Select(leaf => $"filled.{leaf.Slot.Field} = result{leaf.Path};").ToEquatableArray());
        return (model, new ForwardModel(
            type,
            names.Parts,
            forward.Syntax.SyntaxTree.FilePath,
            Usings(),
            forward.IsUnsafe,
            TypeNames.Full(forward.Symbol.ReturnType),
            input,
            output,
            bodies.ToEquatableArray()));
    }

    private SegmentBodyModel Body(IReadOnlyList<Cut> cuts, List<List<(Variable Variable, SlotShape Shape)>> shapes, int index, string method)
    {
        var cut = cuts[index];
        var loads = new List<string>();
        foreach (var (variable, shape) in shapes[index].Where(item => cut.Mentions(item.Variable)))
        {
            loads.Add($"{TypeNames.Full(variable.Type)} {variable.Identifier} = {shape.Compose(input)};");
        }

        var loaded = new HashSet<Variable>(shapes[index].Select(item => item.Variable));
        var bare = cut.Steps.SelectMany(step => step.Mentions).Distinct()
            .Where(variable => !loaded.Contains(variable) && !cut.Declares(variable))
            .Where(variable => variable.Position < 0 || cuts.Any(other => other.Declares(variable)))
            .OrderBy(variable => variable.Position);
        loads.AddRange(bare.Where(variable => !IsNestedIn(cut, variable))
            .Select(variable => $"{TypeNames.Full(variable.Type)} {variable.Identifier};"));

        var stores = new List<string>();
        if (index + 1 < cuts.Count)
        {
            foreach (var (variable, shape) in shapes[index + 1])
            {
                var here = cut.Mentions(variable) || cut.Declares(variable);
                foreach (var (slot, path) in shape.Leaves)
                {
                    stores.Add(here
                        ? $"{output}.{slot.Field} = {variable.Identifier}{path};"
                        : $"{output}.{slot.Field} = {input}.{Same(shapes[index], variable, path)};");
                }
            }
        }

        return new SegmentBodyModel(
            method,
            NameOf(cut),
            BoundaryName(index),
            index + 1 < cuts.Count ? BoundaryName(index + 1) : null,
            loads.ToEquatableArray(),
            Shared(cut, constants: true).Concat(cut.Steps.Select(step => step.Code)).Concat(Shared(cut, constants: false)).ToEquatableArray(),
            stores.ToEquatableArray());
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

    private static List<(Variable Variable, SlotShape Shape)> Shapes(string boundary, IReadOnlyList<Variable> live)
    {
        var fields = Fields(boundary);
        return [.. live.Select(variable => (variable, SlotShape.Of(variable.Name, variable.Type, fields)))];
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
                item.Shape.Leaves.Select(leaf => $"bound.{leaf.Slot.Field} = {local}{leaf.Path};").ToEquatableArray());
        })
        .ToEquatableArray();

    private EquatableArray<MemberModel> Members(Cut cut) => cut.Steps.SelectMany(step => step.Members).Distinct()
        .Where(part => part.Member.IsModule || part.Member.IsTensor)
        .Where(part => forward.Semantics.IsAccessible(forward.Body.SpanStart, part.Member.Symbol))
        .Select(part => new MemberModel(part.Member.StateName, Access(part.Member), part.Start, part.Count))
        .ToEquatableArray();

    // A member of an interface type is a module all the same.
    private static string Access(ModelMember member) => "model." + TypeNames.Escape(member.Name)
        + (member.Type.TypeKind == TypeKind.Interface ? " as global::TorchSharp.torch.nn.Module" : "");

    private static string NameOf(Cut cut)
    {
        var parts = cut.Steps.SelectMany(step => step.Members).Distinct()
            .Where(part => part.Member.IsModule || part.Member.IsTensor)
            .Select(part => part.Count == 0
                ? part.Member.Name
                : string.Format(CultureInfo.InvariantCulture, "{0}[{1}..{2}]", part.Member.Name, part.Start, part.Start + part.Count))
            .ToList();
        return parts.Count > 0 ? string.Join(", ", parts) : "forward";
    }

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
