using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells once per class that batch normalisation sees micro-batches.</summary>
internal static class BatchStatistics
{
    public static void Check(ClassSource source, BodyFacts facts, MemberTable table, ICollection<Diagnostic> diagnostics)
    {
        var layers = new LayerKinds(source, table, "BatchNorm1d", "BatchNorm2d", "BatchNorm3d");
        var used = new HashSet<ModelMember>(facts.Members.Select(use => use.Member));
        foreach (var member in table.All.Where(used.Contains))
        {
            if (member.Symbol.Locations.FirstOrDefault(location => location.IsInSource) is not { } location || !layers.IsIn(member)) continue;
            diagnostics.Add(Diagnostic.Create(DiagnosticCatalogue.StatisticsOfMicroBatches, location, member.Name));
            return;
        }
    }
}
