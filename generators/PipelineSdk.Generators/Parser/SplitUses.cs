using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>Checks that a container whose elements are to be split is only used where it can be divided.</summary>
internal static class SplitUses
{
    /// <returns>The uses that can't be divided.</returns>
    public static ISet<MemberUse> Check(BodyFacts facts, Divisions divisions, Placement placement, ICollection<CutProblem> problems)
    {
        var refused = new HashSet<MemberUse>();
        foreach (var use in facts.Members)
        {
            if (use.Element is not null || (use.Member.Pinned is not { IsSplit: true } && !use.Member.IsOpen)) continue;
            if (divisions.Of(use) is { } division && (use.Member.IsOpen || placement.Divides(division))) continue;
            refused.Add(use);
            problems.Add(Problem(use, divisions.ObstacleFor(use)));
        }

        return refused;
    }

    /// <summary>Checks that what the partitioner is to split could be split in the end.</summary>
    public static void CheckOpen(BodyFacts facts, Divisions divisions, Placement placement, ICollection<CutProblem> problems)
    {
        foreach (var use in facts.Members)
        {
            if (!use.Member.IsOpen || divisions.Of(use) is not { } division || placement.Divides(division)) continue;
            problems.Add(Problem(
                use,
                "its elements share this stage with other members that forward uses between, or again later: give every element one of its own, or "
                    + "remove [PipelineStages]"));
        }
    }

    private static CutProblem Problem(MemberUse use, string obstacle)
    {
        var range = use.Member.Pinned ?? default;
        var how = use.Member.IsOpen ? "is to be split by the partitioner" : $"is split over stages {range.First} to {range.Last}";
        return new CutProblem(
            Diagnostic.Create(DiagnosticCatalogue.SplitMemberNotDivisible, use.Node.GetLocation(), use.Member.Name, how, obstacle),
            range.First,
            range.Last);
    }
}
