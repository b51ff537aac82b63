using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells what each cut carries, for those who ask.</summary>
internal static class CutWidths
{
    /// <summary>A report per cut, at what runs last before it.</summary>
    public static IEnumerable<CutReport> Of(IReadOnlyList<Cut> cuts, PipelineModel model)
    {
        for (var i = 1; i < cuts.Count; i++)
        {
            var last = StatementOf(cuts[i - 1].Steps[cuts[i - 1].Steps.Count - 1].Node);
            yield return new CutReport(
                last.SyntaxTree.FilePath, last.Span, i, last is StatementSyntax ? "statement" : "expression", Describe(model.Boundaries[i].Slots));
        }
    }

    /// <summary>The report as a diagnostic at its place in the compilation.</summary>
    public static ReportedDiagnostic Locate(CutReport report, Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == report.FilePath);
        return new ReportedDiagnostic(Diagnostic.Create(
            DiagnosticCatalogue.CutWidth,
            tree is null ? Location.None : Location.Create(tree, report.Span),
            report.Number,
            report.Place,
            report.Carried));
    }

    // The step of an expression that is all of its statement stands for the statement.
    private static SyntaxNode StatementOf(SyntaxNode node) => node switch
    {
        { Parent: ExpressionStatementSyntax or ReturnStatementSyntax } => node.Parent,
        { Parent: EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: 1, Parent: StatementSyntax statement } } } } => statement,
        _ => node,
    };

    // 2 tensors (x, skip), 1 list (features) and 1 value (n)
    private static string Describe(IReadOnlyList<SlotModel> slots)
    {
        var parts = new[]
        {
            Describe("tensor", slots.Where(slot => slot.Kind is SlotKind.Tensor or SlotKind.NullableTensor)),
            Describe("list", slots.Where(slot => slot.Kind is not (SlotKind.Tensor or SlotKind.NullableTensor or SlotKind.Value))),
            Describe("value", slots.Where(slot => slot.Kind == SlotKind.Value)),
        }.OfType<string>().ToList();
        return parts.Count switch
        {
            0 => "nothing",
            1 => parts[0],
            _ => string.Join(", ", parts.Take(parts.Count - 1)) + " and " + parts[parts.Count - 1],
        };
    }

    private static string? Describe(string kind, IEnumerable<SlotModel> slots)
    {
        var names = slots.Select(slot => slot.Name).ToList();
        return names.Count == 0 ? null : string.Format(
            CultureInfo.InvariantCulture, "{0} {1}{2} ({3})", names.Count, kind, names.Count == 1 ? "" : "s", string.Join(", ", names));
    }
}
