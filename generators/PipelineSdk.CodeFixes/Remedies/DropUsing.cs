using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Drops the <c>using</c> of a variable whose value crosses a cut; the pipeline disposes it.</summary>
internal sealed class DropUsing() : Remedy("Drop the using of values that cross a cut")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var name = await document.FindAsync<IdentifierNameSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        var semantics = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (name is null || semantics?.GetSymbolInfo(name, cancellation).Symbol is not ILocalSymbol local) return null;
        var declarator = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation);
        if (declarator?.Parent?.Parent is not LocalDeclarationStatementSyntax { UsingKeyword: { RawKind: not 0 } keyword } statement
            || !statement.AwaitKeyword.IsKind(SyntaxKind.None))
        {
            return null;
        }

        var edit = new SolutionEdit();
        var end = keyword.TrailingTrivia.All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia)) ? keyword.GetNextToken().SpanStart : keyword.Span.End;
        edit.Replace(document, TextSpan.FromBounds(keyword.SpanStart, end), "");
        return new Repair($"Declare '{local.Name}' without using", edit);
    }
}
