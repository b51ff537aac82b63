using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>The override of <c>forward</c> that is to be cut.</summary>
internal sealed class ForwardMethod(IMethodSymbol symbol, MethodDeclarationSyntax syntax, SemanticModel semantics)
{
    public IMethodSymbol Symbol { get; } = symbol;

    public MethodDeclarationSyntax Syntax { get; } = syntax;

    public SemanticModel Semantics { get; } = semantics;

    /// <summary>The block or the expression after the arrow.</summary>
    public SyntaxNode Body { get; } = (SyntaxNode?)syntax.Body ?? syntax.ExpressionBody!.Expression;

    /// <summary>The class's own override of the method that <c>nn.Module&lt;...&gt;</c> declares; null if there is none with a body.</summary>
    public static ForwardMethod? Find(INamedTypeSymbol model, Compilation compilation, CancellationToken cancellation)
    {
        foreach (var method in model.GetMembers("forward").OfType<IMethodSymbol>())
        {
            if (!method.IsOverride || !OverridesModule(method)) continue;
            var syntax = method.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation))
                .OfType<MethodDeclarationSyntax>()
                .FirstOrDefault(declaration => declaration.Body is not null || declaration.ExpressionBody is not null);
            if (syntax is not null) return new ForwardMethod(method, syntax, compilation.GetSemanticModel(syntax.SyntaxTree));
        }

        return null;
    }

    /// <summary>Whether the statements stand in an unsafe context.</summary>
    public bool IsUnsafe => Syntax.AncestorsAndSelf().Any(node => node is MemberDeclarationSyntax declaration
        && declaration.Modifiers.Any(SyntaxKind.UnsafeKeyword));

    private static bool OverridesModule(IMethodSymbol method)
    {
        var root = method;
        while (root.OverriddenMethod is { } overridden) root = overridden;
        return TorchTypes.IsTorchSharp(root.ContainingType) && TorchTypes.IsCallableModule(root.ContainingType);
    }
}
