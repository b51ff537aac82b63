using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Says which values can be handed from one stage to the next, and how.</summary>
/// <param name="forward">The method that is cut: what its class can reach counts.</param>
internal sealed class Crossing(ForwardMethod forward)
{
    private readonly ObjectTypes objects = new(forward.Semantics.Compilation, forward.Symbol.ContainingType);

    // The objects being read, so that a type that holds itself is found.
    private readonly List<ITypeSymbol> open = [];

    /// <summary>Why a variable can't cross a cut, and what to do; nulls if it can.</summary>
    public (string? Reason, string Remedy) Refuse(Variable variable)
    {
        var refusal = Refuse(variable.Type);
        return refusal.Reason is null && variable.Symbol is not IParameterSymbol && IsQuery(variable.Type)
            ? ("it may be a query that has not run yet and would run layers of its own stage after the cut", "call ToList() before the cut")
            : refusal;
    }

    /// <summary>Why a value of a type can't be handed on, and what to do; nulls if it can.</summary>
    public (string? Reason, string Remedy) Refuse(ITypeSymbol type)
    {
        Read(type, out var refusal);
        return refusal is null ? default : (refusal.Reason, refusal.Remedy);
    }

    /// <summary>How a value of a type that is not refused is taken apart.</summary>
    public ValueModel ValueOf(ITypeSymbol type)
        => Read(type, out var refusal) ?? throw new InvalidOperationException($"{type} was to be refused: {refusal?.Reason}");

    private static bool IsQuery(ITypeSymbol type)
        => CollectionTypes.Of(type) is (CollectionKind.Enumerable, var element, _) && TensorHolders.MayHold(element);

    private ValueModel? Read(ITypeSymbol type, out Refusal? refusal)
    {
        refusal = null;
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } optional)
        {
            return Read(optional.TypeArguments[0], out refusal) switch
            {
                null => null,
                PlainModel => Plain(type),
                var held => held with { Type = TypeNames.Full(type), Display = TypeNames.Short(type), Nullable = true },
            };
        }

        if (type.IsTupleType && type is INamedTypeSymbol tuple) return ReadTuple(tuple, out refusal);
        refusal = Unfit(type);
        if (refusal is not null) return null;
        if (TorchTypes.IsTensor(type))
        {
            return new TensorModel(TypeNames.Full(type), TypeNames.Short(type), type.NullableAnnotation == NullableAnnotation.Annotated);
        }

        if (TorchTypes.IsBoundary(type)) return new NestedModel(TypeNames.Full(type), TypeNames.Short(type));
        if (!TensorHolders.MayHold(type)) return Plain(type);
        if (CollectionTypes.Of(type) is { } collection) return ReadCollection(type, collection, out refusal);
        return type is INamedTypeSymbol named ? ReadObject(named, out refusal) : Unseen(type, out refusal);
    }

    private static PlainModel Plain(ITypeSymbol type) => new(
        TypeNames.Full(type),
        TypeNames.Short(type),
        type.NullableAnnotation == NullableAnnotation.Annotated,
        type.IsValueType);

    private static ValueModel? Unseen(ITypeSymbol type, out Refusal? refusal)
    {
        refusal = new Refusal(
            $"its type {TypeNames.Short(type)} holds tensors that the pipeline can't see",
            Refusal.HandOnTensors + ", or in a List<Tensor>");
        return null;
    }

    private ValueModel? ReadTuple(INamedTypeSymbol tuple, out Refusal? refusal)
    {
        refusal = null;
        var parts = new List<PartModel>();
        foreach (var element in tuple.TupleElements)
        {
            if (Read(element.Type, out refusal) is not { } value) return null;
            var item = "Item" + (parts.Count + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
            parts.Add(new PartModel(element.Name, item, value));
        }

        return parts.All(part => part.Value is PlainModel) ? Plain(tuple) : new ObjectModel(
            TypeNames.Full(tuple),
            TypeNames.Short(tuple),
            Nullable: false,
            IsStruct: true,
            parts.ToEquatableArray(),
            new RecipeModel("", parts.Select((_, i) => new SettingModel("", i)).ToEquatableArray(), default));
    }

    private CollectionModel? ReadCollection(
        ITypeSymbol type, (CollectionKind Kind, ITypeSymbol Element, ITypeSymbol? Key) collection, out Refusal? refusal)
    {
        var (kind, element, key) = collection;
        if (key is not null && (TensorHolders.MayHold(key) || key.NullableAnnotation == NullableAnnotation.Annotated))
        {
            refusal = new Refusal(
                $"the keys of its type {TypeNames.Short(type)} may be null or hold tensors", "use strings or numbers as keys");
            return null;
        }

        var value = Read(element, out refusal);
        refusal = refusal?.In("elements");
        return value is null ? null : new CollectionModel(
            TypeNames.Full(type),
            TypeNames.Short(type),
            type.NullableAnnotation != NullableAnnotation.NotAnnotated,
            kind,
            CollectionTypes.CopyType(type as INamedTypeSymbol, kind, element, key),
            value);
    }

    private ValueModel? ReadObject(INamedTypeSymbol type, out Refusal? refusal)
    {
        if (open.Contains(type, SymbolEqualityComparer.Default))
        {
            refusal = new Refusal($"its type {TypeNames.Short(type)} holds another of its kind", Refusal.HandOnTensors + ", or in a List<Tensor>");
            return null;
        }

        if (TorchTypes.IsTorchSharp(type) || (TensorHolders.IsOfSystem(type) && type.Name is not ("KeyValuePair" or "Tuple")))
        {
            return Unseen(type, out refusal);
        }

        open.Add(type);
        try
        {
            return objects.Read(type, Read, out refusal);
        }
        finally
        {
            open.RemoveAt(open.Count - 1);
        }
    }

    private static Refusal? Unfit(ITypeSymbol type)
    {
        var name = TypeNames.Short(type);
        if (type is INamedTypeSymbol { Name: "Parameter" } && TorchTypes.IsTensor(type))
        {
            return new("it is a Parameter, whose gradient belongs to the stage that owns it", "use it in its own stage, or hand on what is computed from it");
        }

        if (TorchTypes.IsTensor(type)) return TorchTypes.IsTensorItself(type) ? null : new($"its type {name} is derived from Tensor", "declare it as Tensor");
        if (TorchTypes.IsModule(type)) return new("it is a module, which belongs to one stage", "use it in one stage only");
        if (type.TypeKind == TypeKind.Delegate) return new("it is a delegate, which keeps the variables of its own stage", "call it before the cut and hand on the result");
        if (TorchTypes.IsDisposeScope(type)) return new("it is a dispose scope, which belongs to the thread that opened it", "declare it with using, so that every stage opens its own");
        if (type.IsRefLikeType) return new($"its type {name} lives on the stack", "copy the values into an array");
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) return new("it is a pointer", "hand on a value instead");
        if (type.IsAnonymousType) return new("its type is anonymous", "use a tuple");
        if (type is INamedTypeSymbol { IsFileLocal: true }) return new($"its type {name} is local to the file", "make the type internal");
        return type.TypeKind is TypeKind.Dynamic or TypeKind.TypeParameter || type.SpecialType == SpecialType.System_Object
            ? new($"its type {name} may hold tensors that the pipeline can't see", "declare it with its real type")
            : null;
    }
}
