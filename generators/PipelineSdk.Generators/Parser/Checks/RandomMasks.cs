using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells once per class that stages which drop out draw from one generator, one after another.</summary>
/// <remarks>A single stage that draws is one worker, which waits for nobody.</remarks>
internal static class RandomMasks
{
    public static void Check(
        ForwardMethod forward, ClassSource source, BodyFacts facts, MemberTable table, IReadOnlyList<Cut> cuts, ICollection<Diagnostic> diagnostics)
    {
        if (cuts.Count < 2) return;
        var layers = new LayerKinds(source, table, "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout");
        var drawing = new HashSet<ModelMember>(facts.Members.Select(use => use.Member).Distinct().Where(layers.IsIn));
        var calls = forward.Body.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>().Where(call => Draws(call, forward.Semantics)).ToList();
        var segments = cuts.Count(cut => cut.Steps.Any(step =>
            step.Members.Any(part => drawing.Contains(part.Member)) || calls.Any(call => Innermost(call, cuts) == step)));
        if (segments < 2) return;

        var (node, name) = facts.Members.Where(use => drawing.Contains(use.Member)).Select(use => (use.Node, use.Member.Name))
            .Concat(calls.Select(call => (Node: (SyntaxNode)call.Expression, Name: call.Expression.ToString())))
            .OrderBy(use => use.Node.SpanStart)
            .First();
        diagnostics.Add(Diagnostic.Create(DiagnosticCatalogue.MasksDependOnOrder, node.GetLocation(), name));
    }

    private static Step? Innermost(SyntaxNode node, IReadOnlyList<Cut> cuts) => cuts.SelectMany(cut => cut.Steps)
        .Where(step => step.Node.Span.Contains(node.Span))
        .OrderBy(step => step.Node.Span.Length)
        .FirstOrDefault();

    // functional.dropout(x, p, training) and its siblings, unless they surely do nothing.
    private static bool Draws(InvocationExpressionSyntax call, SemanticModel semantics)
    {
        var name = call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        var attention = name == "scaled_dot_product_attention";
        if (!attention && !name.EndsWith("dropout", StringComparison.Ordinal) && name is not ("dropout1d" or "dropout2d" or "dropout3d")) return false;
        if (semantics.GetSymbolInfo(call).Symbol is not IMethodSymbol { ContainingType.Name: "functional" } method
            || !TorchTypes.IsTorchSharp(method.ContainingType))
        {
            return false;
        }

        var deciding = method.Parameters.FirstOrDefault(parameter => parameter.Name == (attention ? "p" : "training"));
        if (deciding is null) return false;
        var argument = call.ArgumentList.Arguments.FirstOrDefault(argument => argument.NameColon?.Name.Identifier.ValueText == deciding.Name)
            ?? call.ArgumentList.Arguments.Where((argument, i) => argument.NameColon is null && i == deciding.Ordinal).FirstOrDefault();
        var value = argument is not null ? semantics.GetConstantValue(argument.Expression).Value
            : deciding.HasExplicitDefaultValue ? deciding.ExplicitDefaultValue
            : null;
        return value is not (false or 0 or 0.0);
    }
}
