using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.CodeFixes.Editing;
using PipelineSdk.Generators.Parser;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>A member with a stage attribute, whatever number it gives.</summary>
/// <param name="Symbol">The member.</param>
/// <param name="Attribute">The attribute.</param>
/// <param name="IsSplit">Whether that is <c>[PipelineStages]</c>.</param>
/// <param name="First">Its first stage.</param>
/// <param name="Count">How many stages it has; 0 if the attribute says nothing that makes sense.</param>
internal sealed record PlacedMember(ISymbol Symbol, AttributeData Attribute, bool IsSplit, int First, int Count)
{
    /// <summary>What the attributes on a member give; two where it is placed twice.</summary>
    public static IEnumerable<PlacedMember> Of(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes().Concat(BackingFieldOf(symbol)?.GetAttributes() ?? Enumerable.Empty<AttributeData>()))
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case AttributeNames.PipelineStage:
                    var stage = attribute.ConstructorArguments.FirstOrDefault().Value as int?;
                    yield return new PlacedMember(symbol, attribute, false, stage ?? 0, stage is null ? 0 : 1);
                    break;
                case AttributeNames.PipelineStages:
                    var counts = attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } array
                        ? array.Values.Length
                        : 0;
                    var first = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "FirstStage").Value.Value as int? ?? 0;
                    yield return new PlacedMember(symbol, attribute, true, first, counts);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Gives it another first stage.</summary>
    /// <returns>Whether that is possible: a number that is computed is not replaced.</returns>
    public bool TryMove(int first, Project project, SolutionEdit edit)
    {
        if (Attribute.ApplicationSyntaxReference?.GetSyntax() is not AttributeSyntax { ArgumentList: { } list } syntax
            || project.Written(syntax.SyntaxTree) is not { } document)
        {
            return false;
        }

        var argument = IsSplit
            ? list.Arguments.FirstOrDefault(candidate => candidate.NameEquals?.Name.Identifier.ValueText == "FirstStage")
            : list.Arguments.FirstOrDefault();
        var number = first.ToString(CultureInfo.InvariantCulture);
        if (argument is null)
        {
            if (!IsSplit || list.Arguments.Count == 0) return false;
            edit.Insert(document, list.Arguments.Last().Span.End, ", FirstStage = " + number);
            return true;
        }

        if (!IsNumber(argument.Expression)) return false;
        edit.Replace(document, argument.Expression.Span, number);
        return true;
    }

    private static bool IsNumber(ExpressionSyntax expression) => expression
        is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NumericLiteralExpression }
        or PrefixUnaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.UnaryMinusExpression,
            Operand: LiteralExpressionSyntax { RawKind: (int)SyntaxKind.NumericLiteralExpression },
        };

    private static IFieldSymbol? BackingFieldOf(ISymbol symbol) => symbol is IPropertySymbol property
        ? property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property))
        : null;
}
