using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>
/// Everything in a compilation but the bodies of methods: as long as it stays the same, a class whose own files have not changed means what
/// it did. Two compilations in which only method bodies differ have one state.
/// </summary>
internal sealed class DeclarationState
{
    private const int Remembered = 8;

    private static readonly ConditionalWeakTable<Compilation, DeclarationState> ByCompilation = new();
    private static readonly ConditionalWeakTable<SyntaxTree, string> Declarations = new();
    private static readonly List<WeakReference<DeclarationState>> Recent = [];

    private readonly CompilationOptions options;
    private readonly ImmutableArray<MetadataReference> references;

    // The newest trees that have these declarations, so that the next comparison finds most of them by reference.
    private ImmutableArray<SyntaxTree> trees;

    private DeclarationState(Compilation compilation)
    {
        options = compilation.Options;
        references = compilation.ExternalReferences;
        trees = compilation.SyntaxTrees.ToImmutableArray();
    }

    /// <summary>The state of a compilation; the same object for all that are equal in it.</summary>
    public static DeclarationState Of(Compilation compilation)
    {
        lock (Recent)
        {
            if (ByCompilation.TryGetValue(compilation, out var known)) return known;
            var state = Find(compilation) ?? new DeclarationState(compilation);
            Recent.RemoveAll(item => !item.TryGetTarget(out var other) || other == state);
            Recent.Add(new WeakReference<DeclarationState>(state));
            if (Recent.Count > Remembered) Recent.RemoveAt(0);
            ByCompilation.Add(compilation, state);
            return state;
        }
    }

    private static DeclarationState? Find(Compilation compilation)
    {
        for (var i = Recent.Count - 1; i >= 0; i--)
        {
            if (Recent[i].TryGetTarget(out var state) && state.TryAdopt(compilation)) return state;
        }

        return null;
    }

    private bool TryAdopt(Compilation compilation)
    {
        if (!options.Equals(compilation.Options) || !references.SequenceEqual(compilation.ExternalReferences)) return false;
        var others = compilation.SyntaxTrees.ToImmutableArray();
        if (others.Length != trees.Length) return false;
        for (var i = 0; i < others.Length; i++)
        {
            if (others[i] != trees[i] && DeclarationsOf(others[i]) != DeclarationsOf(trees[i])) return false;
        }

        trees = others;
        return true;
    }

    private static string DeclarationsOf(SyntaxTree tree) => Declarations.GetValue(tree, static tree =>
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        var text = new StringBuilder(tree.FilePath).Append('\n').Append(tree.Options.GetHashCode()).Append('\n');
        var bodies = new HashSet<SyntaxNode>();
        foreach (var node in root.DescendantNodes(node => !bodies.Contains(node)))
        {
            if (node is BlockSyntax or ArrowExpressionClauseSyntax && node.Parent is MethodDeclarationSyntax) bodies.Add(node);
        }

        foreach (var token in root.DescendantTokens(node => !bodies.Contains(node))) text.Append(token.Text).Append(' ');

        // A directive in a body may reach beyond it.
        for (var directive = root.GetFirstDirective(); directive is not null; directive = directive.GetNextDirective())
        {
            text.Append('\n').Append(directive.ToFullString());
        }

        return text.ToString();
    });
}
