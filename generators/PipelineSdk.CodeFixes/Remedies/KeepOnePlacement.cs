using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Keeps one of the two attributes of a member that is placed twice.</summary>
/// <param name="keepsSplit">Whether <c>[PipelineStages]</c> stays.</param>
internal sealed class KeepOnePlacement(bool keepsSplit)
    : Remedy(keepsSplit ? "Keep [PipelineStages] where a member is placed twice" : "Keep [PipelineStage] where a member is placed twice")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var node = await document.FindAsync<AttributeSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        var semantics = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var declared = node?.FirstAncestorOrSelf<MemberDeclarationSyntax>() switch
        {
            BaseFieldDeclarationSyntax field => field.Declaration.Variables.FirstOrDefault(),
            { } member => (SyntaxNode)member,
            null => null,
        };
        if (declared is null || semantics?.GetDeclaredSymbol(declared, cancellation) is not { } symbol) return null;

        var edit = new SolutionEdit();
        foreach (var placed in PlacedMember.Of(symbol).Where(placed => placed.IsSplit != keepsSplit))
        {
            if (placed.Attribute.ApplicationSyntaxReference is { } reference
                && document.Project.Written(reference.SyntaxTree) is { } home
                && await reference.GetSyntaxAsync(cancellation).ConfigureAwait(false) is AttributeSyntax attribute)
            {
                edit.Remove(home, attribute);
            }
        }

        return edit.IsEmpty ? null : new Repair($"Keep [{(keepsSplit ? "PipelineStages" : "PipelineStage")}] on '{symbol.Name}'", edit);
    }
}
