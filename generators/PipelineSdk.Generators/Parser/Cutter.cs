using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>Cuts the steps of <c>forward</c> where the stage changes, and finds what is alive at each cut.</summary>
/// <remarks>A statement that uses nothing of a stage stays in the stage that <c>forward</c> has reached.</remarks>
internal sealed class Cutter(ForwardMethod forward, VariableTable variables, Placement placement, ICollection<CutProblem> problems)
{
    // Members refused once are not refused again.
    private readonly HashSet<ModelMember> shared = [];

    public IReadOnlyList<Cut> Cut(IReadOnlyList<Step> steps)
    {
        var runs = Runs(steps);
        var parameters = forward.Symbol.Parameters.Select(variables.Find).OfType<Variable>().ToList();
        var live = LiveBefore(runs);
        var assigned = new HashSet<Variable>(parameters);
        var cuts = new List<Cut>();
        for (var i = 0; i < runs.Count; i++)
        {
            var crossing = i == 0 ? parameters : [.. live[i].Where(assigned.Contains).OrderBy(variable => variable.Position)];
            cuts.Add(new Cut(runs[i].Stage, runs[i].Steps, crossing));
            assigned.UnionWith(runs[i].Steps.SelectMany(step => step.Writes));
        }

        var refused = new HashSet<Variable>();
        for (var i = 1; i < cuts.Count; i++) CheckCrossing(cuts, i, refused);
        CheckScopes(cuts);
        CheckJumps(cuts);
        CheckSharing(cuts);
        return cuts;
    }

    private List<(int Stage, List<Step> Steps)> Runs(IReadOnlyList<Step> steps)
    {
        var runs = new List<(int Stage, List<Step> Steps)>();
        var current = steps.Select(step => step.Stage).FirstOrDefault(stage => stage is not null) ?? 0;
        if (placement.IsPinned) current = Math.Min(current, 0);
        foreach (var step in steps)
        {
            var stage = step.Stage ?? current;
            if (step.Early is { } early)
            {
                Backwards(early, placement.Of(early)!.Value.First, stage, runs.SelectMany(run => run.Steps));
            }

            if (stage < current)
            {
                Backwards(step.Deciding!, stage, current, runs.SelectMany(run => run.Steps));
                stage = current;
            }

            var last = runs.Count == 0 ? default : runs[runs.Count - 1];
            if (last.Steps is null || last.Stage != stage || step.Division is not null || last.Steps[0].Division is not null)
            {
                runs.Add(last = (stage, []));
            }

            last.Steps.Add(step);
            current = step.Division?.Members[0].Pinned?.Last ?? stage;
        }

        if (runs.Count == 0) runs.Add((0, []));
        return runs;
    }

    // A layer that its own stage has used before is shared (tied weights); another stage number would not help.
    private void Backwards(MemberUse use, int stage, int current, IEnumerable<Step> before)
    {
        if (use.Member.IsTied && before.Any(earlier => earlier.Members.Any(part => part.Overlaps(new MemberPart(use.Member, use.Element)))
            || earlier.Division?.Members.Contains(use.Member) == true))
        {
            Shared(use.Node, use.Member, stage, current);
            return;
        }

        shared.Add(use.Member);
        problems.Add(new CutProblem(
            Diagnostic.Create(DiagnosticCatalogue.FlowsBackwards, use.Node.GetLocation(), use.Member.Name, stage, current), stage, current));
    }

    private static List<HashSet<Variable>> LiveBefore(List<(int Stage, List<Step> Steps)> runs)
    {
        var live = new HashSet<Variable>();
        var result = new List<HashSet<Variable>>();
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            for (var j = runs[i].Steps.Count - 1; j >= 0; j--)
            {
                var step = runs[i].Steps[j];
                live.ExceptWith(step.Writes);
                live.ExceptWith(step.Declares);
                live.UnionWith(step.Reads);
            }

            result.Insert(0, [.. live]);
        }

        return result;
    }

    private void CheckCrossing(List<Cut> cuts, int index, HashSet<Variable> refused)
    {
        var (before, after) = (cuts[index - 1], cuts[index]);
        foreach (var variable in after.LiveIn)
        {
            var (reason, remedy) = variable switch
            {
                { IsUsing: true } when !TorchTypes.IsTensor(variable.Type) =>
                    ("it is declared with using, so it is disposed with the stage that declares it", "create it in each stage that needs it"),
                { IsReference: true } => ("it is a reference to another variable", "copy the value into an ordinary variable"),
                _ => new Crossing(forward).Refuse(variable),
            };
            if (reason is null || !refused.Add(variable)) continue;
            problems.Add(new CutProblem(
                Diagnostic.Create(
                    DiagnosticCatalogue.ValueCannotCross,
                    FirstMention(cuts.Skip(index), variable),
                    variable.Display,
                    before.LastStage,
                    after.Stage > before.LastStage ? after.Stage : after.LastStage,
                    reason,
                    remedy),
                before.Stage,
                after.LastStage)
            {
                Divisions = [.. new[] { before.Division, after.Division }.OfType<Division>()],
            });
        }
    }

    // A using declaration ends with the segment. For a temporary tensor that is only earlier; a guard must last.
    private void CheckScopes(List<Cut> cuts)
    {
        for (var i = 0; i < cuts.Count - 1; i++)
        {
            foreach (var step in cuts[i].Steps)
            {
                if (step.Node is not LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 } declaration) continue;
                var variable = step.Declares.FirstOrDefault();
                if (variable is null || TorchTypes.IsTensor(variable.Type)) continue;
                problems.Add(new CutProblem(
                    Diagnostic.Create(
                        DiagnosticCatalogue.UsingSpansCut,
                        declaration.Declaration.Variables[0].GetLocation(),
                        variable.Name,
                        cuts[i].Stage,
                        "write a using block inside each stage instead"),
                    cuts[i].Stage,
                    cuts[cuts.Count - 1].Stage));
            }
        }
    }

    private void CheckJumps(List<Cut> cuts)
    {
        for (var i = 0; i < cuts.Count; i++)
        {
            foreach (var step in cuts[i].Steps)
            {
                foreach (var node in step.Node.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
                {
                    var jump = node switch
                    {
                        ReturnStatementSyntax when i < cuts.Count - 1 =>
                            ("return", "compute the result in a variable and return it at the end, or move the condition into the last stage"),
                        GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement } target when !HasLabel(cuts[i], target) =>
                            ("goto", "jump within one stage only"),
                        _ => default,
                    };
                    if (jump == default) continue;
                    var (what, remedy) = jump;
                    problems.Add(new CutProblem(
                        Diagnostic.Create(
                            DiagnosticCatalogue.EarlyReturn, node.GetLocation(), what, cuts[i].Stage, cuts[Math.Min(i + 1, cuts.Count - 1)].Stage, remedy),
                        cuts[0].Stage,
                        cuts[cuts.Count - 1].Stage));
                }
            }
        }
    }

    private static bool HasLabel(Cut cut, GotoStatementSyntax jump) => cut.Steps
        .SelectMany(step => step.Node.DescendantNodesAndSelf().OfType<LabeledStatementSyntax>())
        .Any(label => label.Identifier.ValueText == (jump.Expression as IdentifierNameSyntax)?.Identifier.ValueText);

    // A layer without an attribute belongs to the stage of its position, and so to one stage only.
    private void CheckSharing(List<Cut> cuts)
    {
        var owners = new List<(MemberPart Part, int Stage)>();
        foreach (var cut in cuts)
        {
            foreach (var step in cut.Steps)
            {
                foreach (var part in step.Members)
                {
                    if (!part.Member.IsTied) continue;
                    var owner = owners.FirstOrDefault(known => known.Part.Overlaps(part)) is { Part: not null } known ? known.Stage : cut.Stage;
                    owners.Add((part, cut.Stage));
                    if (owner == cut.Stage && cut.LastStage == cut.Stage) continue;
                    var name = step.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
                        .FirstOrDefault(name => name.Identifier.ValueText == part.Member.Name);
                    Shared((SyntaxNode?)name ?? step.Node, part.Member, owner, cut.LastStage);
                }
            }
        }
    }

    private void Shared(SyntaxNode node, ModelMember member, int owner, int stage)
    {
        if (!shared.Add(member)) return;
        var remedy = member.IsModule
            ? $"give each stage a layer of its own, or move both uses of '{member.Name}' into one stage"
            : $"move both uses into one stage, or read '{member.Name}' into a local variable in stage {owner}, which is handed on";
        problems.Add(new CutProblem(
            Diagnostic.Create(
                DiagnosticCatalogue.MemberInTwoStages,
                node.GetLocation(),
                member.Name,
                stage,
                owner,
                remedy),
            owner,
            stage));
    }

    private static Location FirstMention(IEnumerable<Cut> cuts, Variable variable)
    {
        if (variable.Origin is { } origin) return origin.GetLocation();
        var step = cuts.SelectMany(cut => cut.Steps).First(step => step.Mentions.Contains(variable));
        var name = step.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
            .FirstOrDefault(name => name.Identifier.ValueText == variable.Name);
        return (name ?? step.Node).GetLocation();
    }
}
