using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>
/// Keeps what parsing a class yielded as long as it can't have changed: the compiler asks for every class again after every edit anywhere.
/// </summary>
/// <remarks>
/// A result depends on the files that declare the class and its bases, and on the declarations of all others; see
/// <see cref="DeclarationState"/>. It goes when its file goes.
/// </remarks>
internal static class ParseCache
{
    private static readonly ConditionalWeakTable<SyntaxTree, Dictionary<int, Entry>> Known = new();

    /// <summary>The result for a class, from before if nothing it depends on has changed.</summary>
    public static ParseResult GetOrAdd(
        TypeDeclarationSyntax syntax,
        SemanticModel semantics,
        Func<INamedTypeSymbol, TypeDeclarationSyntax, SemanticModel, CancellationToken, ParseResult> parse,
        CancellationToken cancellation)
    {
        var compilation = semantics.Compilation;
        var state = DeclarationState.Of(compilation);
        var entries = Known.GetValue(syntax.SyntaxTree, static _ => []);
        lock (entries)
        {
            if (entries.TryGetValue(syntax.SpanStart, out var known) && known.State == state && known.Files.All(compilation.ContainsSyntaxTree))
            {
                return known.Result;
            }
        }

        if (semantics.GetDeclaredSymbol(syntax, cancellation) is not { } model) return new ParseResult(null, null, default, default, null);
        var entry = new Entry(state, [.. FilesOf(model).Distinct()], parse(model, syntax, semantics, cancellation));
        lock (entries) entries[syntax.SpanStart] = entry;
        return entry.Result;
    }

    // Those of the class, its bases, and the types around it.
    private static IEnumerable<SyntaxTree> FilesOf(INamedTypeSymbol model)
    {
        for (var type = model; type is not null; type = type.BaseType)
        {
            for (var around = type; around is not null; around = around.ContainingType)
            {
                foreach (var reference in around.OriginalDefinition.DeclaringSyntaxReferences) yield return reference.SyntaxTree;
            }
        }
    }

    private sealed record Entry(DeclarationState State, SyntaxTree[] Files, ParseResult Result);
}
