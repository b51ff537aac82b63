using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Removes the stage attribute of a member that <c>forward</c> never uses.</summary>
internal sealed class RemoveUnusedPlacement() : Remedy("Remove the stage attributes of members that forward never uses")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var node = await document.FindAsync<SyntaxNode>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);

        // In `Linear a, b;` the attribute stands on both.
        if (node is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Variables.Count: > 1 } }) return null;
        if (await document.TypeAroundAsync(node, cancellation).ConfigureAwait(false) is not var (type, semantics)
            || semantics.GetDeclaredSymbol(node!, cancellation) is not { } symbol
            || PlacedMembers.Of(type, semantics.Compilation, cancellation) is not { } members)
        {
            return null;
        }

        // Without any placed member the class would be cut anywhere: another meaning, so not without asking.
        if (members.IsUsed(symbol) || !members.All.Any(member => members.IsUsed(member.Symbol))) return null;
        if (members.All.FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(member.Symbol, symbol)) is not { } placed) return null;
        if (placed.Attribute.ApplicationSyntaxReference is not { } reference
            || document.Project.Written(reference.SyntaxTree) is not { } home
            || await reference.GetSyntaxAsync(cancellation).ConfigureAwait(false) is not AttributeSyntax attribute)
        {
            return null;
        }

        var edit = new SolutionEdit();
        edit.Remove(home, attribute);
        return new Repair($"Remove [{attribute.Name}] from '{symbol.Name}'", edit);
    }
}
