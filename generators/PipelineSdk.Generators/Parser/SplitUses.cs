using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>Checks that a container whose elements are split over stages is only called.</summary>
internal static class SplitUses
{
    public static void Check(BodyFacts facts, StepFactory factory, ICollection<CutProblem> problems)
    {
        foreach (var use in facts.Members)
        {
            if (use.Member.Pinned is not { IsSplit: true } range) continue;
            if (use.Helper is null && use.Anchor is InvocationExpressionSyntax call && factory.SplitCallOf(call) is not null) continue;
            problems.Add(new CutProblem(
                Diagnostic.Create(
                    DiagnosticCatalogue.SplitMemberNotCalled, use.Node.GetLocation(), use.Member.Name, range.First, range.Last),
                range.First,
                range.Last));
        }
    }
}
