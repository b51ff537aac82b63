using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>Tells types that may hold tensors from those that surely don't.</summary>
internal static class TensorHolders
{
    private const int Depth = 4;

    public static bool MayHold(ITypeSymbol type) => MayHold(type, Depth);

    private static bool MayHold(ITypeSymbol type, int depth)
    {
        if (TorchTypes.IsTensor(type) || TorchTypes.IsModule(type)) return true;
        if (type is IArrayTypeSymbol array) return MayHold(array.ElementType, depth);
        if (type is not INamedTypeSymbol named || depth == 0) return false;
        if (named.TypeArguments.Any(argument => MayHold(argument, depth - 1))) return true;
        if (type.SpecialType != SpecialType.None || type.TypeKind is TypeKind.Enum or TypeKind.Delegate) return false;
        if (TorchTypes.IsTorchSharp(type)) return Properties(type).Any(property => TorchTypes.IsTensor(property.Type));
        return !IsOfSystem(type) && Lineage(type).Any(part => Held(part).Any(held => MayHold(held, depth - 1)));
    }

    /// <summary>A type of the framework.</summary>
    public static bool IsOfSystem(ITypeSymbol type)
        => type.ContainingNamespace?.ToDisplayString() is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));

    private static IEnumerable<ITypeSymbol> Lineage(ITypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Interface) return type.AllInterfaces.Cast<ITypeSymbol>().Prepend(type);
        var bases = new List<ITypeSymbol>();
        for (var current = type; current is not null && !IsOfSystem(current); current = current.BaseType) bases.Add(current);
        return bases;
    }

    // Source shows all fields; an interface has none, and a compiled type keeps its private ones to itself.
    private static IEnumerable<ITypeSymbol> Held(ITypeSymbol type)
    {
        var fields = type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic).Select(field => field.Type);
        return type.TypeKind != TypeKind.Interface && type.DeclaringSyntaxReferences.Length > 0
            ? fields
            : fields.Concat(Properties(type).Select(property => property.Type));
    }

    private static IEnumerable<IPropertySymbol> Properties(ITypeSymbol type)
        => type.GetMembers().OfType<IPropertySymbol>().Where(property => !property.IsStatic && property.GetMethod is not null);
}
