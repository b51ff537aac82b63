using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>Checks that the stages are numbered from 0 without a gap, and that what is placed is used.</summary>
internal static class StageNumbers
{
    public static void Check(MemberTable table, BodyFacts facts, ICollection<Diagnostic> diagnostics)
    {
        var used = new HashSet<ModelMember>(facts.Members.Select(use => use.Member));
        var pinned = table.All.Where(member => member.Pinned is not null).ToList();
        foreach (var member in table.All.Where(member => (member.Pinned is not null || member.IsOpen) && !used.Contains(member)))
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.MemberNeverUsed,
                member.Symbol.Locations.FirstOrDefault() ?? member.AttributeLocation,
                member.Name,
                member.Pinned is { } place ? $"placed in stage {place.First}" : "to be split by the partitioner"));
        }

        foreach (var member in table.All.Where(member => member.IsOpen && pinned.Count > 0))
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.StagesNeedElements,
                member.AttributeLocation,
                member.Name,
                $"it has no counts, which leaves all stages to the partitioner, but '{pinned[0].Name}' has a stage of its own: say how many "
                    + "elements each stage gets, as in [PipelineStages(4, 3, 3)], or remove the other stage attributes"));
        }

        // An attribute that is refused has its own error; the stages it names are no gap besides.
        var stages = new HashSet<int>();
        foreach (var member in table.All.Where(member => member.Claimed is not null).OrderBy(member => member.Claimed!.Value.First))
        {
            var range = member.Claimed!.Value;
            var expected = stages.Count == 0 ? 0 : stages.Max() + 1;
            if (range.First > expected)
            {
                diagnostics.Add(Diagnostic.Create(
                    DiagnosticCatalogue.StageNumbers,
                    member.AttributeLocation,
                    $"'{member.Name}' has the stage {range.First}, but no member that forward uses has the stage {expected}"));
                return;
            }

            if (member.Pinned is not null && !used.Contains(member)) continue;
            for (var stage = range.First; stage <= range.Last; stage++) stages.Add(stage);
        }
    }
}
