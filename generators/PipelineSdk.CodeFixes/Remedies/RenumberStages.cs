using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Numbers the stages of a class from 0 without a gap, in the order they have.</summary>
internal sealed class RenumberStages() : Remedy("Renumber the stages from 0 without a gap")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var node = await document.FindAsync<AttributeSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (await document.TypeAroundAsync(node, cancellation).ConfigureAwait(false) is not var (type, semantics)
            || PlacedMembers.Of(type, semantics.Compilation, cancellation) is not { } members)
        {
            return null;
        }

        // A stage that only unused members have is none.
        var stages = new HashSet<int>(members.All.Where(member => members.IsUsed(member.Symbol))
            .SelectMany(member => Enumerable.Range(member.First, member.Count)));
        var edit = new SolutionEdit();
        foreach (var member in members.All)
        {
            var first = stages.Count(stage => stage < member.First);
            if (first == member.First) continue;

            // Other classes may derive from a base and number its members differently.
            if (!SymbolEqualityComparer.Default.Equals(member.Symbol.ContainingType, type)
                || !member.TryMove(first, document.Project, edit))
            {
                return null;
            }
        }

        return edit.IsEmpty ? null : new Repair($"Renumber the stages of '{type.Name}' from 0 without a gap", edit);
    }
}
