using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Recognises the collections whose copy is as good as the original.</summary>
internal static class CollectionTypes
{
    /// <summary>Kind, element and, for a dictionary, key; null for any other type.</summary>
    public static (CollectionKind Kind, ITypeSymbol Element, ITypeSymbol? Key)? Of(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol { Rank: 1 } array) return (CollectionKind.Array, array.ElementType, null);
        if (type is not INamedTypeSymbol { ContainingType: null, TypeArguments: { Length: 1 or 2 } arguments } named
            || named.ContainingNamespace.ToDisplayString() != "System.Collections.Generic")
        {
            return null;
        }

        return (named.Name, arguments.Length) switch
        {
            ("List", 1) => (CollectionKind.List, arguments[0], null),
            ("IList" or "ICollection" or "IReadOnlyList" or "IReadOnlyCollection", 1) => (CollectionKind.Sequence, arguments[0], null),
            ("IEnumerable", 1) => (CollectionKind.Enumerable, arguments[0], null),
            ("Queue", 1) => (CollectionKind.Queue, arguments[0], null),
            ("Stack", 1) => (CollectionKind.Stack, arguments[0], null),
            ("Dictionary" or "SortedDictionary", 2) => (CollectionKind.Dictionary, arguments[1], arguments[0]),
            ("IDictionary" or "IReadOnlyDictionary", 2) => (CollectionKind.Lookup, arguments[1], arguments[0]),
            _ => null,
        };
    }

    /// <summary>The class that elements are added to when a copy is made.</summary>
    public static string CopyType(INamedTypeSymbol? type, CollectionKind kind, ITypeSymbol element, ITypeSymbol? key)
    {
        const string Space = "global::System.Collections.Generic.";
        return key is null
            ? $"{Space}List<{TypeNames.Full(element)}>"
            : $"{Space}{(kind == CollectionKind.Dictionary ? type!.Name : "Dictionary")}<{TypeNames.Full(key)}, {TypeNames.Full(element)}>";
    }
}
