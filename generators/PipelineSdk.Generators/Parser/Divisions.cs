using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Parser;

/// <summary>All places in <c>forward</c> that can be divided, and why other uses of containers can't.</summary>
internal sealed class Divisions
{
    private readonly List<Division> all = [];
    private readonly Dictionary<SyntaxNode, string> obstacles = [];

    public Divisions(ForwardMethod forward, BodyFacts facts)
    {
        var containers = facts.Members.Where(use => use.Member.Container != ContainerKind.None && use.Helper is null && use.Element is null).ToList();
        var loops = new LoopReader(forward, facts, containers);
        foreach (var loop in containers.SelectMany(LoopsAround).Distinct())
        {
            var (division, obstacle) = loop is ForStatementSyntax counted ? loops.Read(counted) : loops.Read((CommonForEachStatementSyntax)loop);
            obstacle ??= ObstacleAround(loop, forward.Body);
            if (obstacle is not null) obstacles[loop] = obstacle;
            else if (division is not null) all.Add(division);
        }

        foreach (var use in containers)
        {
            if (CallOf(use, forward.Semantics) is not { } call) continue;
            if (ObstacleAround(call.Node, forward.Body) is { } obstacle) obstacles[call.Node] = obstacle;
            else all.Add(call);
        }
    }

    public IReadOnlyList<Division> All => all;

    /// <summary>The division that a use of a container is part of, or null.</summary>
    public Division? Of(MemberUse use) => all.FirstOrDefault(division => division.Uses.Contains(use));

    public IEnumerable<Division> In(TextSpan span) => all.Where(division => span.Contains(division.Node.Span));

    /// <summary>Why a use of a container can't be divided, for people.</summary>
    public string ObstacleFor(MemberUse use)
    {
        if (Of(use) is { } together)
        {
            var other = together.Members.First(member => member.Counts is null || member.Pinned != use.Member.Pinned
                || use.Member.Counts is null || !member.Counts.SequenceEqual(use.Member.Counts));
            return $"here it is walked together with '{other.Name}', which is not split in the same way: put the same [PipelineStages(...)] on both";
        }

        if (use.Helper is { } helper) return $"the helper '{helper}' uses it as a whole: write the loop over it in forward itself";
        var obstacle = use.Node.AncestorsAndSelf().Select(node => obstacles.TryGetValue(node, out var reason) ? reason : null)
            .FirstOrDefault(reason => reason is not null);
        return obstacle ?? "this use can't be divided by its elements: call it, walk over it with foreach or with for and its index, name its "
            + "elements by constant indices, or pin it to one stage with [PipelineStage]";
    }

    private static IEnumerable<StatementSyntax> LoopsAround(MemberUse use) => use.Node.Ancestors()
        .TakeWhile(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MemberDeclarationSyntax))
        .Where(node => node is ForStatementSyntax or CommonForEachStatementSyntax).Cast<StatementSyntax>();

    // layers.forward(x) of a Sequential; backbone.call(x, mask) of a pipeline class.
    private static CallDivision? CallOf(MemberUse use, SemanticModel semantics)
    {
        if (use.Anchor is not InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "forward" or "call" } access,
                ArgumentList.Arguments: var arguments,
            } call
            || !access.Expression.Span.Contains(use.Node.Span)
            || semantics.GetSymbolInfo(call).Symbol is not IMethodSymbol method
            || method.Parameters.Length != arguments.Count
            || arguments.Any(argument => argument.NameColon is not null || argument.RefKindKeyword.RawKind != 0)
            || semantics.GetTypeInfo(call).Type is not { } type)
        {
            return null;
        }

        return use.Member.Container is ContainerKind.Pipeline || (use.Member.Container is ContainerKind.Sequential && arguments.Count == 1)
            ? new CallDivision(call, use, [.. arguments.Select(argument => argument.Expression)], type)
            : null;
    }

    // What runs more than once, or perhaps not at all, can't be shared out to stages that run once.
    private static string? ObstacleAround(SyntaxNode node, SyntaxNode body)
    {
        foreach (var around in node.Ancestors())
        {
            if (around == body) return null;
            var what = around switch
            {
                AnonymousFunctionExpressionSyntax => "a lambda",
                LocalFunctionStatementSyntax => "a local function",
                BlockSyntax or UsingStatementSyntax or CheckedStatementSyntax or LocalDeclarationStatementSyntax or ExpressionStatementSyntax
                    or ReturnStatementSyntax => null,
                StatementSyntax => Kinds.Describe(around),
                _ => null,
            };
            if (what is not null) return $"here it stands in {what}, which belongs to one stage: move it out of it, or pin it to one stage with [PipelineStage]";
        }

        return null;
    }
}
