using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>A parameter, a local variable of <c>forward</c>, or a temporary that stands for a part of an expression.</summary>
/// <param name="name">Its name.</param>
/// <param name="type">Its type, with the nullability it has as a value.</param>
/// <param name="position">Where it first stands in the source; parameters before locals.</param>
/// <param name="symbol">The symbol; null for a temporary.</param>
/// <param name="origin">The expression a temporary stands for; null for others.</param>
internal sealed class Variable(string name, ITypeSymbol type, int position, ISymbol? symbol, SyntaxNode? origin)
{
    public string Name { get; } = name;

    public ITypeSymbol Type { get; } = type;

    public int Position { get; } = position;

    public ISymbol? Symbol { get; } = symbol;

    public SyntaxNode? Origin { get; } = origin;

    /// <summary>What the user knows it as.</summary>
    public string Display => Origin?.ToString() ?? Name;

    public string Identifier => TypeNames.Escape(Name);

    /// <summary>Whether it is an alias of storage elsewhere, which has no value of its own to hand on.</summary>
    public bool IsReference => Symbol is ILocalSymbol { RefKind: not RefKind.None };

    /// <summary>Whether its value is disposed when its block ends.</summary>
    public bool IsUsing => Symbol is ILocalSymbol { IsUsing: true };

    public override string ToString() => Name;
}
