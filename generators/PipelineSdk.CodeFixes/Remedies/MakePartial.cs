using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Adds <c>partial</c> to every declaration of the type and of the types around it.</summary>
internal sealed class MakePartial() : Remedy("Make pipeline classes and the types around them partial")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var node = await document.FindAsync<TypeDeclarationSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (await document.TypeAroundAsync(node, cancellation).ConfigureAwait(false) is not var (type, _)) return null;
        var edit = new SolutionEdit();
        return edit.MakePartial(document.Project, type, cancellation) switch
        {
            0 => null,
            1 => new Repair($"Make '{type.Name}' partial", edit),
            _ => new Repair($"Make '{type.Name}' and the types around it partial", edit),
        };
    }
}
