using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>The declarations of the model class and its bases, as far as they are in source.</summary>
internal sealed class ClassSource(INamedTypeSymbol model, ForwardMethod forward, CancellationToken cancellation)
{
    private readonly Dictionary<SyntaxTree, SemanticModel> semantics = new() { [forward.Syntax.SyntaxTree] = forward.Semantics };

    private readonly Lazy<IReadOnlyList<TypeDeclarationSyntax>> declarations = new(() => [.. Find(model, cancellation)]);

    public IReadOnlyList<TypeDeclarationSyntax> Declarations => declarations.Value;

    /// <summary>Constructors of objects, those of the model class first.</summary>
    public IEnumerable<ConstructorDeclarationSyntax> Constructors => Declarations
        .SelectMany(declaration => declaration.Members).OfType<ConstructorDeclarationSyntax>()
        .Where(constructor => !constructor.Modifiers.Any(SyntaxKind.StaticKeyword));

    /// <summary>The values that fields and properties are declared with.</summary>
    public IEnumerable<EqualsValueClauseSyntax> Initializers
        => Declarations.SelectMany(declaration => declaration.Members).SelectMany(InitializersOf).OfType<EqualsValueClauseSyntax>();

    public ISymbol? SymbolOf(SyntaxNode node) => SemanticsOf(node).GetSymbolInfo(node, cancellation).Symbol;

    public ISymbol? DeclaredBy(SyntaxNode node) => SemanticsOf(node).GetDeclaredSymbol(node, cancellation);

    public ITypeSymbol? TypeOf(ExpressionSyntax expression) => SemanticsOf(expression).GetTypeInfo(expression, cancellation).Type;

    /// <summary>What a member is declared with, or given by a constructor.</summary>
    /// <param name="member">The member.</param>
    /// <param name="table">All members.</param>
    /// <param name="candidate">Tells by the text which values count: to ask for symbols means to bind the constructor.</param>
    public IEnumerable<ExpressionSyntax> ValuesOf(ModelMember member, MemberTable table, Func<ExpressionSyntax, bool> candidate)
    {
        foreach (var initializer in Initializers)
        {
            if (initializer.Parent is VariableDeclaratorSyntax { Identifier.ValueText: { } field } && field == member.Name
                || initializer.Parent is PropertyDeclarationSyntax { Identifier.ValueText: { } property } && property == member.Name)
            {
                if (candidate(initializer.Value)) yield return initializer.Value;
            }
        }

        foreach (var assignment in Constructors.SelectMany(constructor => constructor.DescendantNodes()).OfType<AssignmentExpressionSyntax>())
        {
            if (NameOf(assignment.Left) == member.Name && candidate(assignment.Right) && table.Find(SymbolOf(assignment.Left)) == member)
            {
                yield return assignment.Right;
            }
        }
    }

    private static string? NameOf(ExpressionSyntax target) => target switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };

    private SemanticModel SemanticsOf(SyntaxNode node)
    {
        if (!semantics.TryGetValue(node.SyntaxTree, out var known))
        {
            semantics[node.SyntaxTree] = known = forward.Semantics.Compilation.GetSemanticModel(node.SyntaxTree);
        }

        return known;
    }

    private static IEnumerable<EqualsValueClauseSyntax?> InitializersOf(MemberDeclarationSyntax member) => member switch
    {
        FieldDeclarationSyntax fields => fields.Declaration.Variables.Select(variable => variable.Initializer),
        PropertyDeclarationSyntax property => [property.Initializer],
        _ => [],
    };

    private static IEnumerable<TypeDeclarationSyntax> Find(INamedTypeSymbol model, CancellationToken cancellation)
    {
        for (var type = model; type is not null && !TorchTypes.IsTorchSharp(type); type = type.BaseType)
        {
            foreach (var reference in type.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation) is TypeDeclarationSyntax declaration) yield return declaration;
            }
        }
    }
}
