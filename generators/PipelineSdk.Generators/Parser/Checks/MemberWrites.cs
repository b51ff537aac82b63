using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Tells which uses of the model's fields and properties give them a value, also through methods and properties.</summary>
internal sealed class MemberWrites(ForwardMethod forward, MemberTable table, CancellationToken cancellation)
{
    private readonly Dictionary<ISymbol, HashSet<ModelMember>> known = new(SymbolEqualityComparer.Default);

    public bool Writes(MemberUse use) => use.Helper is null
        ? WriteTarget.Is(use.Node)
        : CalledBy(forward.Semantics, use.Node).Any(method => WrittenBy(method).Contains(use.Member));

    // A method itself; of a computed property the half that the use needs.
    private IEnumerable<IMethodSymbol> CalledBy(SemanticModel semantics, SyntaxNode name)
    {
        var called = semantics.GetSymbolInfo(name, cancellation).Symbol switch
        {
            IMethodSymbol method => [method],
            IPropertySymbol property => WriteTarget.Is(name) ? [property.SetMethod, property.GetMethod] : new[] { property.GetMethod },
            _ => [],
        };
        return called.OfType<IMethodSymbol>().Select(method => method.OriginalDefinition);
    }

    private HashSet<ModelMember> WrittenBy(IMethodSymbol start)
    {
        if (known.TryGetValue(start, out var written)) return written;
        written = [];
        var pending = new Stack<IMethodSymbol>([start]);
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        while (pending.Count > 0)
        {
            var method = pending.Pop();
            if (!seen.Add(method) || BodyOf(method) is not { } body) continue;
            cancellation.ThrowIfCancellationRequested();
            var semantics = body.SyntaxTree == forward.Syntax.SyntaxTree
                ? forward.Semantics
                : forward.Semantics.Compilation.GetSemanticModel(body.SyntaxTree);
            foreach (var name in body.DescendantNodesAndSelf().OfType<SimpleNameSyntax>())
            {
                if (WriteTarget.Is(name) && table.Find(semantics.GetSymbolInfo(name, cancellation).Symbol) is { } member) written.Add(member);
                foreach (var called in CalledBy(semantics, name)) pending.Push(called);
            }
        }

        return known[start] = written;
    }

    // Bodies outside the model's classes are its callees' own; local functions of its methods are part of them.
    private SyntaxNode? BodyOf(IMethodSymbol method)
    {
        if (!table.Declares(method.ContainingType)) return null;
        return method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) switch
        {
            BaseMethodDeclarationSyntax declared => (SyntaxNode?)declared.Body ?? declared.ExpressionBody,
            AccessorDeclarationSyntax accessor => (SyntaxNode?)accessor.Body ?? accessor.ExpressionBody,
            LocalFunctionStatementSyntax local => (SyntaxNode?)local.Body ?? local.ExpressionBody,
            ArrowExpressionClauseSyntax arrow => arrow,
            _ => null,
        };
    }
}
