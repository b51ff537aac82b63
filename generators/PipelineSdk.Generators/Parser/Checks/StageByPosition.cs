using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells in which stage a layer without an attribute runs, where other members have one.</summary>
internal static class StageByPosition
{
    /// <summary>The property of the diagnostic that holds the stage, for the code fix.</summary>
    public const string Stage = nameof(Stage);

    public static void Check(INamedTypeSymbol model, MemberTable table, IReadOnlyList<Cut> cuts, ICollection<Diagnostic> diagnostics)
    {
        if (!table.All.Any(member => member.Pinned is not null)) return;
        var uses = cuts.SelectMany(cut => cut.Steps.SelectMany(step => step.Members), (cut, part) => (part.Member, cut.Stage));
        var seen = new HashSet<ModelMember>();
        foreach (var (member, stage) in uses)
        {
            // Members of a base may have another stage in another class.
            if (member is not { IsTied: true, Claimed: null } || !seen.Add(member)) continue;
            if (!SymbolEqualityComparer.Default.Equals(member.Symbol.ContainingType, model.OriginalDefinition)) continue;
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.StageByPosition,
                member.Symbol.Locations.FirstOrDefault(),
                ImmutableDictionary<string, string?>.Empty.Add(Stage, stage.ToString(CultureInfo.InvariantCulture)),
                member.Name,
                stage));
        }
    }
}
