using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.Generators.Parser;

/// <summary>Names of types and identifiers in generated code.</summary>
internal static class TypeNames
{
    private const SymbolDisplayMiscellaneousOptions Options =
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier;

    private static readonly SymbolDisplayFormat FullFormat = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(Options);

    private static readonly SymbolDisplayFormat ShortFormat =
        SymbolDisplayFormat.MinimallyQualifiedFormat.WithMiscellaneousOptions(Options);

    /// <summary>The type as any code may name it: <c>global::TorchSharp.torch.Tensor</c>.</summary>
    public static string Full(ITypeSymbol type) => type.ToDisplayString(FullFormat);

    /// <summary>The type as people name it: <c>Tensor</c>.</summary>
    public static string Short(ITypeSymbol type) => type.ToDisplayString(ShortFormat);

    /// <summary>An identifier with <c>@</c> where C# wants one.</summary>
    public static string Escape(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(name) != SyntaxKind.None
            ? "@" + name
            : name;
}
