using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>A property or field of an object that can be read from outside.</summary>
/// <param name="symbol">The property or field.</param>
/// <param name="storage">The private field, or the captured parameter, that the property returns; null where it has storage of its own.</param>
/// <param name="isState">Whether the object is not itself without it; false for what is computed from other members.</param>
internal sealed class StateMember(ISymbol symbol, ISymbol? storage, bool isState)
{
    public ISymbol Symbol { get; } = symbol;

    public ISymbol? Storage { get; } = storage;

    public bool IsState { get; } = isState;

    public string Name => Symbol.Name;

    public ITypeSymbol Type => Symbol is IPropertySymbol property ? property.Type : ((IFieldSymbol)Symbol).Type;

    public string Kind => Symbol is IPropertySymbol ? "property" : "field";

    public bool IsRequired => Symbol is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>Whether an object initializer in <paramref name="within"/> can set it.</summary>
    public bool IsSettable(Compilation compilation, INamedTypeSymbol within) => Symbol switch
    {
        IPropertySymbol { SetMethod: { } set } => compilation.IsSymbolAccessibleWithin(set, within),
        IFieldSymbol field => !field.IsReadOnly,
        _ => false,
    };
}
