using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;
using PipelineSdk.Generators.Analyzers;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Runs layers with <c>call</c> instead of <c>forward</c>, all of a method.</summary>
internal sealed class RunWithCall() : Remedy("Run layers with call")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var method = await document.FindAsync<MethodDeclarationSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (method is null || await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false) is not { } semantics) return null;
        var edit = new SolutionEdit();
        foreach (var access in RunWithForwardAnalyzer.CallsIn(method, semantics)) edit.Replace(document, access.Name.Span, "call");
        return edit.IsEmpty ? null : new Repair(Summary, edit);
    }
}
