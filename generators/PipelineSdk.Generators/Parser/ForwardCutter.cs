using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Cuts <c>forward</c> where the user says; where nothing is said, wherever a cut is legal.</summary>
internal static class ForwardCutter
{
    /// <returns>The models, or why there are none.</returns>
    public static ((PipelineModel Model, ForwardModel Forward)? Models, IReadOnlyList<CutProblem> Problems) Cut(
        INamedTypeSymbol model, TypeModel type, ForwardMethod forward, MemberTable table, BodyFacts facts, CancellationToken cancellation)
    {
        var pinned = table.All.Any(member => member.Pinned is not null);
        var placement = pinned ? Placement.Pinned(table) : Placement.ByFirstUse(facts);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var problems = new List<CutProblem>();
            var variables = new VariableTable(forward, facts);
            var factory = new StepFactory(forward, facts, variables, placement);
            var steps = new StatementSplitter(forward, facts, variables, placement, factory, problems).Split();
            if (placement.IsPinned) SplitUses.Check(facts, factory, problems);
            if (problems.Count == 0)
            {
                var cuts = new Cutter(forward, variables, placement, problems).Cut(steps);
                if (problems.Count == 0)
                {
                    var names = new GeneratedNames(model, forward, cuts.Count);
                    return (new ModelBuilder(type, forward, variables, placement, factory, names).Build(cuts), problems);
                }
            }

            // Where the choice is ours, stages that can't be divided become one, until nothing is in the way.
            if (placement.IsPinned || !placement.TryMerge(problems[0])) return (null, problems);
        }
    }
}
