using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Parser.Checks;

namespace PipelineSdk.Generators.Parser;

/// <summary>Cuts <c>forward</c> where the user says; where nothing is said, wherever a cut is legal.</summary>
internal static class ForwardCutter
{
    /// <returns>The models and the cuts they are made of, or why there are none.</returns>
    public static ((PipelineModel Model, ForwardModel Forward)? Models, IReadOnlyList<Cut> Cuts, IReadOnlyList<CutProblem> Problems) Cut(
        INamedTypeSymbol model, TypeModel type, ForwardMethod forward, MemberTable table, BodyFacts facts, CancellationToken cancellation)
    {
        var divisions = new Divisions(forward, facts);
        var placement = table.All.Any(member => member.Pinned is not null)
            ? Placement.Pinned(facts)
            : Placement.ByFirstUse(facts, divisions);
        var writes = new MemberWrites(forward, table, cancellation);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var problems = new List<CutProblem>();
            var variables = new VariableTable(forward, facts);
            var factory = new StepFactory(forward, facts, variables, placement);
            var refused = SplitUses.Check(facts, divisions, placement, problems);
            var steps = new StatementSplitter(forward, facts, divisions, variables, placement, factory, refused, problems).Split();
            var cuts = problems.Count == 0 ? new Cutter(forward, variables, placement, problems).Cut(steps) : [];
            if (problems.Count == 0)
            {
                StateSharing.Check(cuts, facts, writes, problems);
                if (problems.Count == 0) SplitUses.CheckOpen(facts, divisions, placement, problems);
                if (problems.Count == 0)
                {
                    var names = new GeneratedNames(model, forward, cuts.Count);
                    return (new ModelBuilder(type, forward, variables, placement, factory, names).Build(cuts), cuts, problems);
                }
            }

            // Where the choice is ours, stages that can't be divided become one, until nothing is in the way.
            if (placement.IsPinned || refused.Count > 0 || !placement.TryMerge(problems[0])) return (null, [], problems);
        }
    }
}
