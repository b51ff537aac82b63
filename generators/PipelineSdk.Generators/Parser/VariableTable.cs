using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>The variables of <c>forward</c>, each with the nullability that its values really have.</summary>
internal sealed class VariableTable(ForwardMethod forward, BodyFacts facts)
{
    private readonly Dictionary<ISymbol, Variable?> known = new(SymbolEqualityComparer.Default);
    private readonly HashSet<string> names =
    [
        .. forward.Syntax.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText),
    ];

    /// <summary>The variable of a symbol; null for constants, local functions and what nested functions declare.</summary>
    public Variable? Find(ISymbol symbol)
    {
        if (!known.TryGetValue(symbol, out var variable)) known[symbol] = variable = Create(symbol);
        return variable;
    }

    /// <summary>A new variable for the value of an expression.</summary>
    public Variable Temporary(string stem, ITypeSymbol type, SyntaxNode origin) => new(Unique(stem), type, origin.SpanStart, null, origin);

    /// <summary>A name that nothing in <c>forward</c> can be confused with.</summary>
    public string Unique(string stem)
    {
        var name = stem;
        for (var i = 2; !names.Add(name); i++) name = stem + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }

    private Variable? Create(ISymbol symbol)
    {
        switch (symbol)
        {
            case IParameterSymbol { IsThis: false } parameter when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, forward.Symbol):
                return new Variable(parameter.Name, TypeOf(parameter), parameter.Ordinal - forward.Symbol.Parameters.Length, parameter, null);
            case ILocalSymbol { IsConst: false } local when SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, forward.Symbol):
                return new Variable(local.Name, TypeOf(local), local.Locations[0].SourceSpan.Start, local, null);
            default:
                return null;
        }
    }

    // Without nullable annotations a parameter may be null if its default value says so.
    private static ITypeSymbol TypeOf(IParameterSymbol parameter)
        => parameter is { Type: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.None }, HasExplicitDefaultValue: true }
            ? parameter.Type.WithNullableAnnotation(NullableAnnotation.Annotated)
            : parameter.Type;

    // The type of a var is always annotated as nullable; what its values are is what counts.
    private ITypeSymbol TypeOf(ILocalSymbol local)
    {
        if (!local.Type.IsReferenceType) return local.Type;
        var declared = local.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax();
        var isVar = declared is VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax { Type.IsVar: true } }
            or SingleVariableDesignationSyntax { Parent: DeclarationExpressionSyntax { Type.IsVar: true } }
            or SingleVariableDesignationSyntax { Parent: ParenthesizedVariableDesignationSyntax }
            or ForEachStatementSyntax { Type.IsVar: true };
        if (!isVar && local.Type.NullableAnnotation != NullableAnnotation.None) return local.Type;
        var maybeNull = AssignedTo(local, declared).Any(MayBeNull);
        return local.Type.WithNullableAnnotation(maybeNull ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated);
    }

    private IEnumerable<ExpressionSyntax> AssignedTo(ILocalSymbol local, SyntaxNode? declared)
    {
        if (declared is VariableDeclaratorSyntax { Initializer.Value: { } initial }) yield return initial;
        foreach (var use in facts.Variables)
        {
            if (!use.Writes || !SymbolEqualityComparer.Default.Equals(use.Symbol, local)) continue;
            var name = forward.Body.FindNode(use.Span, getInnermostNodeForTie: true);
            if (name.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.SimpleAssignmentExpression } assignment
                && assignment.Left == name)
            {
                yield return assignment.Right;
            }
        }
    }

    private bool MayBeNull(ExpressionSyntax value) => forward.Semantics.GetTypeInfo(value).Nullability.FlowState switch
    {
        NullableFlowState.NotNull => false,
        NullableFlowState.MaybeNull => true,
        _ => value.Kind() is SyntaxKind.NullLiteralExpression or SyntaxKind.DefaultLiteralExpression or SyntaxKind.DefaultExpression
            or SyntaxKind.AsExpression or SyntaxKind.ConditionalAccessExpression
            || (value is ConditionalExpressionSyntax conditional && (MayBeNull(conditional.WhenTrue) || MayBeNull(conditional.WhenFalse)))
            || (value is IdentifierNameSyntax && forward.Semantics.GetSymbolInfo(value).Symbol is { } symbol
                && Find(symbol) is { Type.NullableAnnotation: NullableAnnotation.Annotated }),
    };
}
