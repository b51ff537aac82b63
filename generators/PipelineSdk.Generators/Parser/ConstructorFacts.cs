using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Reads whether a constructor keeps an argument as it is: only then may a kept value be passed to it again.</summary>
internal sealed class ConstructorFacts(Compilation compilation)
{
    /// <summary>Whether <paramref name="member"/> holds what was passed as <paramref name="parameter"/>.</summary>
    /// <remarks>A compiled constructor is taken at its word: the parameter has the member's name.</remarks>
    public bool Keeps(IMethodSymbol constructor, IParameterSymbol parameter, StateMember member)
        => constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            TypeDeclarationSyntax type => IsPositional(member, parameter) || Initialized(member, parameter)
                || PassesOn(type.BaseList?.Types.OfType<PrimaryConstructorBaseTypeSyntax>().FirstOrDefault(), parameter, member),
            ConstructorDeclarationSyntax declaration => Assigned(declaration, parameter, member)
                ?? PassesOn(declaration.Initializer, parameter, member),
            _ => true,
        };

    // record R(Tensor Mask), or class C(Tensor mask) { public Tensor Mask => mask; }
    private static bool IsPositional(StateMember member, IParameterSymbol parameter)
        => (member.Symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is ParameterSyntax positional
                && positional.Identifier.ValueText == parameter.Name)
            || (member.Storage is IParameterSymbol captured && captured.Name == parameter.Name);

    // class C(Tensor mask) { public Tensor Mask { get; } = mask; }
    private static bool Initialized(StateMember member, IParameterSymbol parameter)
        => (member.Storage ?? member.Symbol).DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() switch
        {
            PropertyDeclarationSyntax { Initializer.Value: { } value } => IsPlain(value, parameter),
            VariableDeclaratorSyntax { Initializer.Value: { } value } => IsPlain(value, parameter),
            _ => false,
        };

    private static bool? Assigned(ConstructorDeclarationSyntax constructor, IParameterSymbol parameter, StateMember member)
    {
        var values = constructor.DescendantNodes().OfType<AssignmentExpressionSyntax>()
            .SelectMany(assignment => Pairs(assignment.Left, assignment.Right))
            .Where(pair => NameOf(pair.Target) is { } name && (name == member.Name || name == member.Storage?.Name))
            .Select(pair => pair.Value)
            .ToList();
        return values.Count == 0 ? null : values.TrueForAll(value => IsPlain(value, parameter));
    }

    // (A, B) = (a, b) is two assignments.
    private static IEnumerable<(ExpressionSyntax Target, ExpressionSyntax Value)> Pairs(ExpressionSyntax left, ExpressionSyntax right)
        => left is TupleExpressionSyntax targets && right is TupleExpressionSyntax values && targets.Arguments.Count == values.Arguments.Count
            ? targets.Arguments.Zip(values.Arguments, (target, value) => Pairs(target.Expression, value.Expression)).SelectMany(pairs => pairs)
            : [(left, right)];

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private bool PassesOn(SyntaxNode? call, IParameterSymbol parameter, StateMember member)
    {
        var arguments = call switch
        {
            ConstructorInitializerSyntax initializer => initializer.ArgumentList.Arguments,
            PrimaryConstructorBaseTypeSyntax initializer => initializer.ArgumentList.Arguments,
            _ => default,
        };
        if (call is null || compilation.GetSemanticModel(call.SyntaxTree).GetSymbolInfo(call).Symbol is not IMethodSymbol target) return false;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (!IsPlain(arguments[i].Expression, parameter)) continue;
            var taken = arguments[i].NameColon is { } named
                ? target.Parameters.FirstOrDefault(candidate => candidate.Name == named.Name.Identifier.ValueText)
                : target.Parameters.ElementAtOrDefault(i);
            if (taken is not null && Keeps(target, taken, member)) return true;
        }

        return false;
    }

    // The parameter itself, also where null is replaced: what was kept is not null then.
    private static bool IsPlain(ExpressionSyntax value, IParameterSymbol parameter) => value switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText == parameter.Name,
        ParenthesizedExpressionSyntax inner => IsPlain(inner.Expression, parameter),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } inner => IsPlain(inner.Operand, parameter),
        BinaryExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceExpression } either => IsPlain(either.Left, parameter),
        _ => false,
    };
}
