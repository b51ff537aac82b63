using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Makes a type that is local to its file internal.</summary>
internal sealed class MakeInternal() : Remedy("Make pipeline classes that are local to a file internal")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var node = await document.FindAsync<TypeDeclarationSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (await document.TypeAroundAsync(node, cancellation).ConfigureAwait(false) is not var (type, _)) return null;
        while (type.ContainingType is not null) type = type.ContainingType;
        if (!type.IsFileLocal) return null;

        // Outside its file the name may be taken.
        var name = type.Name;
        if (type.ContainingNamespace.GetTypeMembers(name, type.Arity).Any(other => !SymbolEqualityComparer.Default.Equals(other, type))) return null;

        var edit = new SolutionEdit();
        foreach (var (home, declaration) in document.Project.DeclarationsOf(type, cancellation))
        {
            foreach (var modifier in declaration.Modifiers.Where(modifier => modifier.IsKind(SyntaxKind.FileKeyword)))
            {
                edit.Replace(home, modifier.Span, "internal");
            }
        }

        return edit.IsEmpty ? null : new Repair($"Make '{name}' internal", edit);
    }
}
