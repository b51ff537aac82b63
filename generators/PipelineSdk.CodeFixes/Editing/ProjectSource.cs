using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.CodeFixes.Editing;

/// <summary>Finds in the documents of a project what diagnostics and symbols point to.</summary>
internal static class ProjectSource
{
    public static async Task<T?> FindAsync<T>(this Document document, TextSpan span, CancellationToken cancellation)
        where T : SyntaxNode
    {
        var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        return root is null || !root.FullSpan.Contains(span) ? null : root.FindNode(span, getInnermostNodeForTie: true).FirstAncestorOrSelf<T>();
    }

    /// <summary>The class or other type that is declared around a node, and the model to ask about it.</summary>
    public static async Task<(INamedTypeSymbol Type, SemanticModel Semantics)?> TypeAroundAsync(
        this Document document, SyntaxNode? node, CancellationToken cancellation)
    {
        if (node?.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } declaration) return null;
        var semantics = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return semantics?.GetDeclaredSymbol(declaration, cancellation) is { } type ? (type, semantics) : null;
    }

    /// <summary>The document that people write in which a node stands; null in generated code.</summary>
    public static Document? Written(this Project project, SyntaxTree tree)
        => project.GetDocument(tree) is { } document and not SourceGeneratedDocument ? document : null;

    /// <summary>The declarations of a type in documents that people write.</summary>
    public static IEnumerable<(Document Document, TypeDeclarationSyntax Syntax)> DeclarationsOf(
        this Project project, INamedTypeSymbol type, CancellationToken cancellation)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if (project.Written(reference.SyntaxTree) is { } document
                && reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration)
            {
                yield return (document, declaration);
            }
        }
    }
}
