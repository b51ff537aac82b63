using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Recognises loops that run once per element of a container, in order, so that ranges of their rounds can be shared out.</summary>
internal sealed class LoopReader(ForwardMethod forward, BodyFacts facts, IReadOnlyList<MemberUse> containers)
{
    /// <summary>A <c>foreach</c>; why it can't be divided, if it walks over a container all the same.</summary>
    public (Division? Division, string? Obstacle) Read(CommonForEachStatementSyntax loop)
    {
        var walked = containers.Where(use => loop.Expression.Span.Contains(use.Node.Span)).ToList();
        var index = loop is ForEachStatementSyntax && IsRange(loop.Expression) ? forward.Semantics.GetDeclaredSymbol(loop) : null;
        var uses = index is null ? walked : IndexedBy(index, loop.Statement);
        if (uses.Count == 0) return default;
        if (index is null && !IsInOrder(loop.Expression))
        {
            return (null, "here its elements are not simply walked over from the first to the last: loop over it directly");
        }

        if (ObstacleIn(loop.Statement) is { } obstacle) return (null, obstacle);
        return forward.Semantics.GetForEachStatementInfo(loop).ElementType is { } type ? (new ForEachDivision(loop, uses, type), null) : default;
    }

    /// <summary>A <c>for</c> with an index; why it can't be divided, if it names elements of a container by the index all the same.</summary>
    public (Division? Division, string? Obstacle) Read(ForStatementSyntax loop)
    {
        var variable = loop.Declaration?.Variables is [{ } only] ? only : null;
        var symbol = variable is null ? null : forward.Semantics.GetDeclaredSymbol(variable);
        var uses = symbol is null ? [] : IndexedBy(symbol, loop.Statement);
        if (uses.Count == 0)
        {
            return containers.Any(use => loop.Statement.Span.Contains(use.Node.Span))
                ? (null, "here its element is not named by the index of a simple loop: write for (var i = 0; i < count; i++) and use its element [i]")
                : default;
        }

        if (variable!.Initializer?.Value is not { } initial
            || forward.Semantics.GetConstantValue(initial) is not { HasValue: true, Value: int first and >= 0 })
        {
            return (null, "the index of this loop does not begin at a constant: begin at 0");
        }

        if (!IsStepOfOne(loop, symbol!)) return (null, "the index of this loop does not go up by 1: write i++");
        if (!IsUpperBound(loop, symbol!))
        {
            return (null, "the condition of this loop is not an upper bound of its index that stays the same: write i < count");
        }

        if (facts.VariablesIn(loop.Statement.Span).Any(use => use.Writes && Is(use.Symbol, symbol!)))
        {
            return (null, "the index of this loop is changed in its body: leave it to the loop");
        }

        return ObstacleIn(loop.Statement) is { } obstacle
            ? (null, obstacle)
            : (new ForDivision(loop, uses, variable.Identifier.Text, initial, first), null);
    }

    private List<MemberUse> IndexedBy(ISymbol index, SyntaxNode body) =>
    [
        .. containers.Where(use => body.Span.Contains(use.Node.Span)
            && use.Member.Container is ContainerKind.Sequential or ContainerKind.Modules or ContainerKind.List
            && use.Node.Ancestors().FirstOrDefault(node => node is ElementAccessExpressionSyntax) is ElementAccessExpressionSyntax
            {
                ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax name }],
            } element
            && element.Expression.Span.Contains(use.Node.Span)
            && Is(forward.Semantics.GetSymbolInfo(name).Symbol, index)),
    ];

    // Enumerable.Range(0, count)
    private bool IsRange(ExpressionSyntax expression)
        => expression is InvocationExpressionSyntax { ArgumentList.Arguments: [{ Expression: { } start }, _] } call
            && forward.Semantics.GetSymbolInfo(call).Symbol is IMethodSymbol { Name: "Range", ContainingType.Name: "Enumerable" }
            && forward.Semantics.GetConstantValue(start) is { HasValue: true, Value: 0 };

    // One item per element, in the order of the elements, and nothing run by the walk itself.
    private bool IsInOrder(ExpressionSyntax expression) => expression switch
    {
        _ when containers.Any(use => use.Node == expression) => true,
        ParenthesizedExpressionSyntax inner => IsInOrder(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => IsInOrder(inner.Operand),
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Values" } values => IsInOrder(values.Expression),
        InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access, ArgumentList.Arguments: var arguments } =>
            access.Name.Identifier.ValueText switch
            {
                "AsEnumerable" or "ToList" or "ToArray" or "Cast" or "children" or "named_children" or "Index" =>
                    arguments.Count == 0 && IsInOrder(access.Expression),
                "Select" => arguments is [{ Expression: LambdaExpressionSyntax { Body: TupleExpressionSyntax pair } }]
                    && pair.Arguments.All(item => item.Expression is IdentifierNameSyntax) && IsInOrder(access.Expression),
                "Zip" => IsInOrder(access.Expression) && arguments.All(argument => IsInOrder(argument.Expression) || HasNoMember(argument)),
                _ => false,
            },
        _ => false,
    };

    private bool HasNoMember(SyntaxNode node) => !facts.MembersIn(node.Span).Any();

    private bool IsStepOfOne(ForStatementSyntax loop, ISymbol index) => loop.Incrementors is [{ } step] && step switch
    {
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression } postfix => Names(postfix.Operand, index),
        PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression } prefix => Names(prefix.Operand, index),
        AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.AddAssignmentExpression } sum =>
            Names(sum.Left, index) && forward.Semantics.GetConstantValue(sum.Right) is { HasValue: true, Value: 1 },
        _ => false,
    };

    // i < n or n > i, where the loop leaves n alone: false once, false for all that follow.
    private bool IsUpperBound(ForStatementSyntax loop, ISymbol index)
    {
        var bound = loop.Condition switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LessThanExpression or (int)SyntaxKind.LessThanOrEqualExpression } up
                when Names(up.Left, index) => up.Right,
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.GreaterThanExpression or (int)SyntaxKind.GreaterThanOrEqualExpression } down
                when Names(down.Right, index) => down.Left,
            _ => null,
        };
        return bound is not null && !bound.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax or AssignmentExpressionSyntax)
            && facts.VariablesIn(bound.Span).All(named => !Is(named.Symbol, index)
                && !facts.VariablesIn(loop.Statement.Span).Any(use => use.Writes && Is(use.Symbol, named.Symbol)));
    }

    private bool Names(ExpressionSyntax expression, ISymbol symbol) => Is(forward.Semantics.GetSymbolInfo(expression).Symbol, symbol);

    private static bool Is(ISymbol? one, ISymbol? other) => SymbolEqualityComparer.Default.Equals(one, other);

    // A round that leaves the loop would have to stop the stages that come after.
    private static string? ObstacleIn(StatementSyntax body)
    {
        foreach (var node in body.DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            var jump = node switch
            {
                BreakStatementSyntax when LeavesLoop(node, body) => "break",
                ReturnStatementSyntax => "return",
                GotoStatementSyntax => "goto",
                _ => null,
            };
            if (jump is not null)
            {
                return $"this loop is left by '{jump}', which can't stop the stages after: run every round and put the condition inside it, "
                    + "or pin it to one stage with [PipelineStage]";
            }
        }

        return null;
    }

    private static bool LeavesLoop(SyntaxNode jump, StatementSyntax body) => !jump.Ancestors().TakeWhile(node => node != body.Parent)
        .Any(node => node is SwitchStatementSyntax or ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax or DoStatementSyntax);
}
