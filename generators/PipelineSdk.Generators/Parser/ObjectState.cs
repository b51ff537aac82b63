using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Lists what an object is made of, as far as it can be read from outside.</summary>
internal sealed class ObjectState(Compilation compilation, INamedTypeSymbol within)
{
    /// <summary>The members that can be read, those of base classes first; or why some state can't.</summary>
    public IReadOnlyList<StateMember> Of(INamedTypeSymbol type, out Refusal? refusal)
    {
        refusal = null;
        var members = new List<StateMember>();
        for (var current = type; current is not null && !IsRoot(current); current = current.BaseType)
        {
            refusal = current.GetMembers().OfType<IEventSymbol>().FirstOrDefault(happening => !happening.IsStatic) is { } happening
                ? Unreadable(current, $"its event '{happening.Name}'")
                : null;
            if (refusal is not null) return [];
            var own = current.DeclaringSyntaxReferences.Length > 0 ? Declared(current, out refusal) : Compiled(current, out refusal);
            if (refusal is not null) return [];
            foreach (var member in own)
            {
                if (members.FirstOrDefault(known => known.Name == member.Name) is not { } nearer) continue;
                if (nearer.Symbol.IsOverride) continue;
                refusal = new Refusal(
                    $"its type {TypeNames.Short(type)} can't be rebuilt: '{member.Name}' of its base class {TypeNames.Short(current)} is hidden",
                    $"give the two different names, or {Refusal.HandOnTensors}");
                return [];
            }

            members.InsertRange(0, own.Where(member => members.TrueForAll(known => known.Name != member.Name)));
        }

        return members;
    }

    private static bool IsRoot(INamedTypeSymbol type) => type.SpecialType is SpecialType.System_Object or SpecialType.System_ValueType;

    // All fields show in source: those behind properties, public ones, and private ones, which a property must give back.
    private List<StateMember> Declared(INamedTypeSymbol type, out Refusal? refusal)
    {
        refusal = null;
        var members = new List<StateMember>();
        var fields = type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => !field.IsStatic && (!field.IsImplicitlyDeclared || field.AssociatedSymbol is not null));
        foreach (var state in Captured(type).Concat<ISymbol>(fields))
        {
            var property = (state as IFieldSymbol)?.AssociatedSymbol as IPropertySymbol ?? Returning(type, state);
            var symbol = property ?? (state is IFieldSymbol { AssociatedSymbol: null } ? state : null);
            if (symbol is null || !IsReadable(symbol))
            {
                refusal = Unreadable(
                    type,
                    state is IParameterSymbol ? $"its constructor keeps '{state.Name}', which"
                        : property is not null ? $"its property '{property.Name}'"
                        : $"its private field '{state.Name}'");
                return [];
            }

            members.Add(new StateMember(symbol, property is null || state is IFieldSymbol { AssociatedSymbol: not null } ? null : state, isState: true));
        }

        members.AddRange(type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => !property.IsStatic && !property.IsIndexer && IsReadable(property))
            .Where(property => members.TrueForAll(member => member.Name != property.Name))
            .Select(property => new StateMember(property, null, isState: false)));
        return members;
    }

    // A compiled type shows its public members only; which of its properties have storage its accessors tell.
    private List<StateMember> Compiled(INamedTypeSymbol type, out Refusal? refusal)
    {
        refusal = TensorHolders.IsOfSystem(type) && type.Name is not ("KeyValuePair" or "Tuple")
            ? new Refusal(
                $"its base class {TypeNames.Short(type)} keeps what can't be read from outside", Refusal.HandOnTensors)
            : null;
        var fields = type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic && IsReadable(field));
        var properties = type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => !property.IsStatic && !property.IsIndexer && IsReadable(property));
        return
        [
            .. fields.Select(field => new StateMember(field, null, isState: true)),
            .. properties.Select(property => new StateMember(
                property, null, isState: HasStorage(property) || TensorHolders.MayHold(property.Type))),
        ];
    }

    private static bool HasStorage(IPropertySymbol property) => property.GetMethod!.GetAttributes()
        .Any(attribute => attribute.AttributeClass?.ToDisplayString() == "System.Runtime.CompilerServices.CompilerGeneratedAttribute");

    private bool IsReadable(ISymbol symbol) => symbol switch
    {
        IPropertySymbol { GetMethod: { } get, RefKind: RefKind.None } property =>
            compilation.IsSymbolAccessibleWithin(property, within) && compilation.IsSymbolAccessibleWithin(get, within),
        IFieldSymbol field => compilation.IsSymbolAccessibleWithin(field, within),
        _ => false,
    };

    private static Refusal Unreadable(INamedTypeSymbol type, string what) => new(
        $"its type {TypeNames.Short(type)} can't be rebuilt: {what} can't be read from outside",
        $"make it a public property that can be set, or {Refusal.HandOnTensors}");

    // public Tensor Mask => mask; also as an accessor, and as a block with one return.
    private static IPropertySymbol? Returning(INamedTypeSymbol type, ISymbol state)
        => type.GetMembers().OfType<IPropertySymbol>().FirstOrDefault(property => Returned(property) switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText == state.Name,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access => access.Name.Identifier.ValueText == state.Name,
            _ => false,
        });

    private static ExpressionSyntax? Returned(IPropertySymbol property)
    {
        if (property.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not PropertyDeclarationSyntax syntax) return null;
        if (syntax.ExpressionBody is { } arrow) return arrow.Expression;
        var get = syntax.AccessorList?.Accessors.FirstOrDefault(accessor => accessor.Keyword.ValueText == "get");
        return get?.ExpressionBody?.Expression
            ?? (get?.Body?.Statements is { Count: 1 } body ? (body[0] as ReturnStatementSyntax)?.Expression : null);
    }

    // Parameters of a primary constructor that methods and properties use are fields without a name. Those of a record have properties.
    private IEnumerable<IParameterSymbol> Captured(INamedTypeSymbol type)
    {
        var declaration = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>()
            .FirstOrDefault(syntax => syntax.ParameterList is not null);
        if (type.IsRecord || declaration is null) return [];
        var constructor = type.InstanceConstructors.First(candidate =>
            candidate.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() == declaration));
        var bodies = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax()).OfType<TypeDeclarationSyntax>()
            .SelectMany(part => part.Members)
            .SelectMany(member => member.DescendantNodes(node => node is not EqualsValueClauseSyntax { Parent: PropertyDeclarationSyntax }
                and not EqualsValueClauseSyntax { Parent.Parent.Parent: FieldDeclarationSyntax }))
            .OfType<IdentifierNameSyntax>()
            .ToList();
        return constructor.Parameters.Where(parameter => bodies.Any(name => name.Identifier.ValueText == parameter.Name
            && SymbolEqualityComparer.Default.Equals(
                compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name).Symbol?.OriginalDefinition, parameter.OriginalDefinition)));
    }
}
