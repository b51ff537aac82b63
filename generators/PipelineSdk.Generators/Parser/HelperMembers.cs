using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>The members that the model's own methods and properties use, also through each other.</summary>
internal sealed class HelperMembers(Compilation compilation, MemberTable table, CancellationToken cancellation)
{
    private readonly Dictionary<ISymbol, IReadOnlyCollection<ModelMember>> known = new(SymbolEqualityComparer.Default);

    /// <summary>Whether a property computes its value, so that it stands for the members it uses.</summary>
    public bool HasBody(ISymbol symbol) => symbol is IPropertySymbol property && BodiesOf(property).Any();

    /// <summary>The members that a method or property of the model uses.</summary>
    public IReadOnlyCollection<ModelMember> Of(ISymbol symbol)
    {
        symbol = symbol.OriginalDefinition;
        if (known.TryGetValue(symbol, out var members)) return members;
        known[symbol] = [];
        var found = new List<ModelMember>();
        foreach (var body in BodiesOf(symbol))
        {
            cancellation.ThrowIfCancellationRequested();
            var semantics = compilation.GetSemanticModel(body.SyntaxTree);
            foreach (var name in body.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
            {
                var used = semantics.GetSymbolInfo(name, cancellation).Symbol;
                if (used is null || used.IsStatic || used is not (IFieldSymbol or IPropertySymbol or IMethodSymbol)) continue;
                if (used is not IMethodSymbol && table.Find(used) is { } member && (member.Pinned is not null || !HasBody(used)))
                {
                    found.Add(member);
                }
                else
                {
                    found.AddRange(Of(used));
                }
            }
        }

        return known[symbol] = [.. found.Distinct()];
    }

    private IEnumerable<SyntaxNode> BodiesOf(ISymbol symbol)
    {
        if (!table.Declares(symbol.ContainingType)) yield break;
        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            var body = reference.GetSyntax(cancellation) switch
            {
                MethodDeclarationSyntax method => (SyntaxNode?)method.Body ?? method.ExpressionBody,
                PropertyDeclarationSyntax { ExpressionBody: { } arrow } => arrow,
                PropertyDeclarationSyntax { AccessorList: { } accessors }
                    when accessors.Accessors.Any(accessor => accessor.Body is not null || accessor.ExpressionBody is not null) => accessors,
                IndexerDeclarationSyntax indexer => indexer,
                _ => null,
            };
            if (body is not null) yield return body;
        }
    }
}
