using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells whether naming something gives it a value.</summary>
internal static class WriteTarget
{
    /// <summary>
    /// Whether a name is assigned, stepped or passed by reference: itself, or what is reached from it, as in
    /// <c>counts[0]++</c> or <c>state.Step = 1</c>. Only a member of this object counts, not one of another.
    /// </summary>
    public static bool Is(SyntaxNode name)
    {
        var node = name;
        if (node.Parent is MemberAccessExpressionSyntax own && own.Name == node)
        {
            if (own.Expression is not (ThisExpressionSyntax or BaseExpressionSyntax)) return false;
            node = own;
        }

        while (Around(node) is { } outer) node = outer;
        return node.Parent switch
        {
            AssignmentExpressionSyntax { Parent: not InitializerExpressionSyntax } assignment => assignment.Left == node,
            PrefixUnaryExpressionSyntax prefix => prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
            PostfixUnaryExpressionSyntax => true,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword or (int)SyntaxKind.RefKeyword } => true,
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } => IsTarget(tuple),
            RefExpressionSyntax => true,
            _ => false,
        };
    }

    // What an assignment to it changes too: for `counts` in `counts[0] = 1` the element.
    private static SyntaxNode? Around(SyntaxNode node) => node.Parent switch
    {
        ParenthesizedExpressionSyntax parenthesized => parenthesized,
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed => suppressed,
        MemberAccessExpressionSyntax access when access.Expression == node => access,
        ElementAccessExpressionSyntax element when element.Expression == node => element,
        _ => null,
    };

    private static bool IsTarget(TupleExpressionSyntax tuple) => tuple.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == tuple,
        ArgumentSyntax { Parent: TupleExpressionSyntax outer } => IsTarget(outer),
        _ => false,
    };
}
