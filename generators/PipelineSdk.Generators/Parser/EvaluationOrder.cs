using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>The operands of an expression, in the order in which C# evaluates them.</summary>
internal static class EvaluationOrder
{
    /// <summary>The operands; null for an expression that can't be taken apart.</summary>
    public static IReadOnlyList<Operand>? OperandsOf(ExpressionSyntax expression) => expression switch
    {
        ParenthesizedExpressionSyntax parenthesized => [new(parenthesized.Expression)],
        CastExpressionSyntax cast => [new(cast.Expression)],
        CheckedExpressionSyntax check => [new(check.Expression)],
        InvocationExpressionSyntax call => [.. Callee(call.Expression), .. Arguments(call.ArgumentList)],
        MemberAccessExpressionSyntax access => [new(access.Expression)],
        ElementAccessExpressionSyntax element => [new(element.Expression), .. Arguments(element.ArgumentList)],
        ConditionalAccessExpressionSyntax conditional =>
            [new(conditional.Expression), new(conditional.WhenNotNull, IsConditional: true)],
        BinaryExpressionSyntax binary => Binary(binary),
        PrefixUnaryExpressionSyntax prefix => [new(prefix.Operand, IsTarget: IsStep(prefix))],
        PostfixUnaryExpressionSyntax postfix => [new(postfix.Operand, IsTarget: IsStep(postfix))],
        ConditionalExpressionSyntax choice =>
            [new(choice.Condition), new(choice.WhenTrue, IsConditional: true), new(choice.WhenFalse, IsConditional: true)],
        AssignmentExpressionSyntax assignment => [new(assignment.Left, IsTarget: true), new(assignment.Right, IsConditional: IsCoalesce(assignment))],
        TupleExpressionSyntax tuple => [.. tuple.Arguments.Select(Argument)],
        ObjectCreationExpressionSyntax creation => [.. Arguments(creation.ArgumentList), .. Initializer(creation.Initializer)],
        ImplicitObjectCreationExpressionSyntax creation => [.. Arguments(creation.ArgumentList), .. Initializer(creation.Initializer)],
        ArrayCreationExpressionSyntax array =>
        [
            .. array.Type.RankSpecifiers.SelectMany(rank => rank.Sizes)
                .Where(size => size is not OmittedArraySizeExpressionSyntax).Select(size => new Operand(size)),
            .. Initializer(array.Initializer),
        ],
        ImplicitArrayCreationExpressionSyntax array => [.. Initializer(array.Initializer)],
        CollectionExpressionSyntax collection => Elements(collection),
        InterpolatedStringExpressionSyntax interpolated =>
            [.. interpolated.Contents.OfType<InterpolationSyntax>().Select(part => new Operand(part.Expression))],
        RangeExpressionSyntax range => [.. new[] { range.LeftOperand, range.RightOperand }.OfType<ExpressionSyntax>().Select(end => new Operand(end))],
        IsPatternExpressionSyntax pattern => [new(pattern.Expression)],
        SwitchExpressionSyntax choice =>
        [
            new(choice.GoverningExpression),
            .. choice.Arms.SelectMany(arm => new[] { arm.WhenClause?.Condition, arm.Expression }).OfType<ExpressionSyntax>()
                .Select(part => new Operand(part, IsConditional: true)),
        ],
        IdentifierNameSyntax or GenericNameSyntax or LiteralExpressionSyntax or ThisExpressionSyntax or BaseExpressionSyntax
            or DeclarationExpressionSyntax or TypeSyntax => [],
        _ => null,
    };

    // The object before the dot, or the delegate.
    private static IEnumerable<Operand> Callee(ExpressionSyntax callee) => callee is MemberAccessExpressionSyntax access
        ? [new(access.Expression)]
        : callee is SimpleNameSyntax ? []
        : [new(callee)];

    private static IEnumerable<Operand> Arguments(BaseArgumentListSyntax? list)
        => list is null ? [] : list.Arguments.Select(Argument);

    private static Operand Argument(ArgumentSyntax argument)
        => new(
            argument.Expression,
            IsConditional: argument.Expression is AnonymousFunctionExpressionSyntax,
            IsTarget: argument.RefKindKeyword.Kind() is SyntaxKind.OutKeyword or SyntaxKind.RefKeyword);

    private static IEnumerable<Operand> Initializer(InitializerExpressionSyntax? initializer)
    {
        if (initializer is null) yield break;
        foreach (var expression in initializer.Expressions)
        {
            switch (expression)
            {
                case InitializerExpressionSyntax nested:
                    foreach (var operand in Initializer(nested)) yield return operand;
                    break;
                case AssignmentExpressionSyntax { Right: InitializerExpressionSyntax nested }:
                    foreach (var operand in Initializer(nested)) yield return operand;
                    break;
                case AssignmentExpressionSyntax assignment:
                    var index = (assignment.Left as ImplicitElementAccessSyntax)?.ArgumentList;
                    foreach (var operand in Arguments(index)) yield return operand;
                    yield return new(assignment.Right);
                    break;
                default:
                    yield return new(expression);
                    break;
            }
        }
    }

    private static List<Operand>? Elements(CollectionExpressionSyntax collection)
    {
        var operands = new List<Operand>();
        foreach (var element in collection.Elements)
        {
            switch (element)
            {
                case ExpressionElementSyntax single: operands.Add(new(single.Expression)); break;
                case SpreadElementSyntax spread: operands.Add(new(spread.Expression)); break;
                default: return null;
            }
        }

        return operands;
    }

    private static Operand[] Binary(BinaryExpressionSyntax binary) => binary.Kind() switch
    {
        SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression or SyntaxKind.CoalesceExpression =>
            [new(binary.Left), new(binary.Right, IsConditional: true)],
        SyntaxKind.AsExpression or SyntaxKind.IsExpression => [new(binary.Left)],
        _ => [new(binary.Left), new(binary.Right)],
    };

    private static bool IsStep(ExpressionSyntax unary) => unary.Kind()
        is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression
        or SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression;

    private static bool IsCoalesce(AssignmentExpressionSyntax assignment) => assignment.IsKind(SyntaxKind.CoalesceAssignmentExpression);
}
