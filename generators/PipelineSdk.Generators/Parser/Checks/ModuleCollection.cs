using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>A collection type whose elements TorchSharp does not know of.</summary>
/// <param name="Holds">What it holds: modules or parameters.</param>
/// <param name="Registered">TorchSharp's own type for that.</param>
internal sealed record ModuleCollection(string Holds, string Registered)
{
    private const int Depth = 3;

    /// <summary>An array, list, dictionary or other sequence of modules or parameters; null for any other type.</summary>
    public static ModuleCollection? Of(ITypeSymbol type)
    {
        if (TorchTypes.IsModule(type) || TorchTypes.IsTensor(type)) return null;
        var suffix = IsDictionary(type) ? "Dict" : "List";
        return ElementsOf(type).Any(element => Has(element, TorchTypes.IsModule, Depth)) ? new("modules", "Module" + suffix)
            : ElementsOf(type).Any(element => Has(element, IsParameter, Depth)) ? new("parameters", "Parameter" + suffix)
            : null;
    }

    /// <summary>A tensor that is trained.</summary>
    public static bool IsParameter(ITypeSymbol type) => type.Name == "Parameter" && TorchTypes.IsTensor(type);

    // The element itself, a part of a pair or tuple, or an element of a collection in the collection.
    private static bool Has(ITypeSymbol type, Func<ITypeSymbol, bool> condition, int depth)
    {
        if (condition(type)) return true;
        if (depth == 0 || TorchTypes.IsModule(type)) return false;
        var parts = type is INamedTypeSymbol { IsTupleType: true } or INamedTypeSymbol { Name: "KeyValuePair" }
            ? ((INamedTypeSymbol)type).TypeArguments
            : ElementsOf(type);
        return parts.Any(part => Has(part, condition, depth - 1));
    }

    private static IEnumerable<ITypeSymbol> ElementsOf(ITypeSymbol type) => type is IArrayTypeSymbol array
        ? [array.ElementType]
        : SelfAndInterfaces(type)
            .Where(candidate => candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)
            .Select(sequence => sequence.TypeArguments[0]);

    private static bool IsDictionary(ITypeSymbol type)
        => SelfAndInterfaces(type).Any(candidate => candidate.Name is "IDictionary" or "IReadOnlyDictionary");

    private static IEnumerable<INamedTypeSymbol> SelfAndInterfaces(ITypeSymbol type)
        => type is INamedTypeSymbol named ? type.AllInterfaces.Append(named) : type.AllInterfaces;
}
