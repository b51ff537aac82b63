using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>A place in <c>forward</c> whose work can be divided by the elements of containers.</summary>
internal abstract class Division(SyntaxNode node, IReadOnlyList<MemberUse> uses)
{
    /// <summary>The call or the loop.</summary>
    public SyntaxNode Node { get; } = node;

    /// <summary>The uses of the containers in it. At least one.</summary>
    public IReadOnlyList<MemberUse> Uses { get; } = uses;

    /// <summary>The containers.</summary>
    public IReadOnlyList<ModelMember> Members { get; } = [.. uses.Select(use => use.Member).Distinct()];

    /// <summary>Whether the attributes split all containers at the same elements and into the same stages.</summary>
    public bool HasOneSplit => Members.All(member =>
        member.Counts is not null && member.Pinned == Members[0].Pinned && member.Counts.SequenceEqual(Members[0].Counts ?? []));
}

/// <summary>The call of a <c>Sequential</c>, or of a submodule that is itself a pipeline class.</summary>
internal sealed class CallDivision(
    InvocationExpressionSyntax call, MemberUse use, IReadOnlyList<ExpressionSyntax> arguments, ITypeSymbol resultType)
    : Division(call, [use])
{
    public MemberUse Use { get; } = use;

    public IReadOnlyList<ExpressionSyntax> Arguments { get; } = arguments;

    public ITypeSymbol ResultType { get; } = resultType;

    public bool IsPipeline => Use.Member.Container == ContainerKind.Pipeline;
}

/// <summary>A loop over elements, or over their indices, from the first to the last.</summary>
internal sealed class ForEachDivision(CommonForEachStatementSyntax loop, IReadOnlyList<MemberUse> uses, ITypeSymbol elementType)
    : Division(loop, uses)
{
    public CommonForEachStatementSyntax Loop { get; } = loop;

    public ITypeSymbol ElementType { get; } = elementType;
}

/// <summary>A loop with an index, from a constant upwards.</summary>
internal sealed class ForDivision(ForStatementSyntax loop, IReadOnlyList<MemberUse> uses, string index, ExpressionSyntax initial, int first)
    : Division(loop, uses)
{
    public ForStatementSyntax Loop { get; } = loop;

    /// <summary>The index, as written.</summary>
    public string Index { get; } = index;

    /// <summary>Where the index begins, as written and as a number.</summary>
    public ExpressionSyntax Initial { get; } = initial;

    public int First { get; } = first;
}
