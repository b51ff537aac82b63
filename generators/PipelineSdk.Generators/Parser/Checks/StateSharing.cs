using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Checks that what <c>forward</c> keeps in fields and properties of the model is used by one stage only.</summary>
/// <remarks>
/// Stages run at the same time, each at another micro-batch. Layers, parameters and buffers are checked where the cuts are made;
/// a placed member stays in its stage anyway.
/// </remarks>
internal static class StateSharing
{
    public static void Check(IReadOnlyList<Cut> cuts, BodyFacts facts, MemberWrites writes, ICollection<CutProblem> problems)
    {
        var used = cuts.SelectMany(cut => cut.Steps.SelectMany(step => step.Members), (cut, part) => (part.Member, Cut: cut));

        // The rounds of a loop that is divided run in several stages, whatever they are.
        foreach (var (member, cut) in used.Where(item => item.Cut.Division is not null && item.Member is { IsTied: false, Pinned: null }).Distinct())
        {
            var division = cut.Division!;
            var write = facts.MembersIn(division.Node.Span).FirstOrDefault(use => use.Member == member && writes.Writes(use));
            if (write is null) continue;
            problems.Add(new CutProblem(
                Diagnostic.Create(
                    DiagnosticCatalogue.StateInTwoStages,
                    write.Node.GetLocation(),
                    member.Name,
                    "written" + (write.Helper is { } helper ? $" by '{helper}'" : ""),
                    cut.LastStage,
                    "written",
                    cut.Stage),
                cut.Stage,
                cut.LastStage)
            {
                Divisions = [division],
            });
        }

        if (problems.Count > 0) return;
        var stages = used
            .SelectMany(item => new[] { item.Cut.Stage, item.Cut.LastStage }, (item, stage) => (item.Member, Stage: stage))
            .Where(item => item.Member is { IsTied: false, Pinned: null })
            .Distinct()
            .ToLookup(item => item.Member, item => item.Stage);
        foreach (var member in stages)
        {
            if (member.Count() > 1 && Problem(member.Key, [.. member], cuts, facts, writes) is { } problem) problems.Add(problem);
        }
    }

    private static CutProblem? Problem(
        ModelMember member, IReadOnlyList<int> stages, IReadOnlyList<Cut> cuts, BodyFacts facts, MemberWrites writes)
    {
        var uses = facts.Members.Where(use => use.Member == member)
            .Select(use => new Place(use, StageOf(use, cuts) ?? stages[0], writes.Writes(use)))
            .ToList();
        if (!uses.Any(use => use.Writes)) return null;

        // The first pair of stages of which one writes.
        var (earlier, later) = uses
            .SelectMany(second => uses.Where(first => first.Stage < second.Stage && (first.Writes || second.Writes)), (second, first) => (first, second))
            .OrderBy(pair => pair.second.Stage).ThenBy(pair => pair.second.Use.Node.SpanStart).ThenBy(pair => pair.first.Stage)
            .ThenByDescending(pair => pair.first.Writes)
            .FirstOrDefault();

        // One place that runs in several stages.
        if (later is null) (earlier, later) = (uses.First(use => use.Writes), uses.First(use => use.Writes) with { Stage = stages.Max() });
        return new CutProblem(
            Diagnostic.Create(
                DiagnosticCatalogue.StateInTwoStages,
                later.Use.Node.GetLocation(),
                member.Name,
                later.What + (later.Use.Helper is { } helper ? $" by '{helper}'" : ""),
                later.Stage,
                earlier.What,
                earlier.Stage),
            stages.Min(),
            stages.Max());
    }

    // The innermost step around the use: what is hoisted out of a statement has a step of its own.
    private static int? StageOf(MemberUse use, IReadOnlyList<Cut> cuts) => cuts
        .SelectMany(cut => cut.Steps, (cut, step) => (cut.Stage, step))
        .Where(item => item.step.Node.Span.Contains(use.Node.Span) && item.step.Members.Any(part => part.Member == use.Member))
        .OrderBy(item => item.step.Node.Span.Length)
        .Select(item => (int?)item.Stage)
        .FirstOrDefault();

    private sealed record Place(MemberUse Use, int Stage, bool Writes)
    {
        public string What => Writes ? "written" : "read";
    }
}
