using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Parser;

/// <summary>Tells expressions that yield the same value whenever they are evaluated, so that they may stay where they are.</summary>
internal static class Stability
{
    /// <summary>Whether evaluating <paramref name="expression"/> after the code in <paramref name="later"/> yields what it does before.</summary>
    public static bool IsStable(ExpressionSyntax expression, SemanticModel semantics, BodyFacts facts, IEnumerable<TextSpan> later)
    {
        var spans = later.ToList();
        return Is(expression);

        bool Is(ExpressionSyntax node)
        {
            if (semantics.GetConstantValue(node).HasValue) return true;
            switch (node)
            {
                case LiteralExpressionSyntax or ThisExpressionSyntax or BaseExpressionSyntax or DefaultExpressionSyntax
                    or TypeOfExpressionSyntax or AnonymousFunctionExpressionSyntax or PredefinedTypeSyntax or DeclarationExpressionSyntax:
                    return true;
                case ParenthesizedExpressionSyntax inner:
                    return Is(inner.Expression);
                case PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner:
                    return Is(inner.Operand);
                case SimpleNameSyntax:
                    return IsStableSymbol(node, isOwn: true);
                case MemberAccessExpressionSyntax access:
                    return Is(access.Expression)
                        && IsStableSymbol(access, isOwn: access.Expression is ThisExpressionSyntax or BaseExpressionSyntax);
                case ElementAccessExpressionSyntax element:
                    return TorchTypes.IsModule(semantics.GetTypeInfo(element).Type) && Is(element.Expression)
                        && element.ArgumentList.Arguments.All(argument => Is(argument.Expression));
                case TupleExpressionSyntax tuple:
                    return tuple.Arguments.All(argument => Is(argument.Expression));
                default:
                    return false;
            }
        }

        bool IsStableSymbol(ExpressionSyntax node, bool isOwn)
        {
            switch (semantics.GetSymbolInfo(node).Symbol)
            {
                case INamespaceOrTypeSymbol or IMethodSymbol or IDiscardSymbol:
                    return true;
                case ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None }:
                    var variable = semantics.GetSymbolInfo(node).Symbol;
                    return !spans.Any(span => facts.VariablesIn(span)
                        .Any(use => use.Writes && SymbolEqualityComparer.Default.Equals(use.Symbol, variable)));
                case IFieldSymbol field:
                    // Layers and weights are set once, by the constructor, readonly or not.
                    return field.IsReadOnly || field.IsConst || IsLayer(field.Type);
                case IPropertySymbol property:
                    return IsLayer(property.Type) && (isOwn || TorchTypes.IsModule(property.Type));
                default:
                    return false;
            }
        }
    }

    private static bool IsLayer(ITypeSymbol type) => TorchTypes.IsModule(type) || TorchTypes.IsTensor(type);
}
