using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Removes a stage attribute from a class that is no pipeline.</summary>
internal sealed class RemoveStrayAttribute() : Remedy("Remove stage attributes that have no effect")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var attribute = await document.FindAsync<AttributeSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (attribute is null) return null;
        var edit = new SolutionEdit();
        edit.Remove(document, attribute);
        return new Repair($"Remove [{attribute.Name}]", edit);
    }
}
