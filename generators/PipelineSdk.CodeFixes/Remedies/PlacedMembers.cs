using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Parser;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>The placed members of a pipeline class and its bases, read as the generator reads them.</summary>
internal sealed class PlacedMembers
{
    private readonly HashSet<ISymbol>? used;

    private PlacedMembers(IReadOnlyList<PlacedMember> all, HashSet<ISymbol>? used) => (All, this.used) = (all, used);

    public IReadOnlyList<PlacedMember> All { get; }

    /// <summary>Whether <c>forward</c> uses a member, directly or through helpers; true where its body can't be read.</summary>
    public bool IsUsed(ISymbol member) => used?.Contains(member) ?? true;

    /// <summary>The members of a <c>[Pipeline]</c> class; null for any other, or where attributes contradict each other.</summary>
    public static PlacedMembers? Of(INamedTypeSymbol type, Compilation compilation, CancellationToken cancellation)
    {
        if (!IsPipeline(type)) return null;
        var problems = new List<Diagnostic>();
        var table = new MemberTable(type, problems);
        var all = table.All.SelectMany(member => PlacedMember.Of(member.Symbol)).ToList();
        if (all.Any(member => member.Count == 0)
            || problems.Any(problem => problem.Id != DiagnosticCatalogue.StageNumbers.Id))
        {
            return null;
        }

        var forward = ForwardMethod.Find(type, compilation, cancellation);
        var facts = forward is null ? null : new BodyFacts(forward, table, cancellation);
        return new PlacedMembers(
            all,
            facts is null or { IsBroken: true }
                ? null
                : new HashSet<ISymbol>(facts.Members.Select(use => use.Member.Symbol), SymbolEqualityComparer.Default));
    }

    public static bool IsPipeline(INamedTypeSymbol type)
        => type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.Pipeline);
}
