using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Finds how objects of the user's own types are taken apart and rebuilt.</summary>
/// <param name="compilation">Where the types are declared.</param>
/// <param name="within">The class whose generated part does it.</param>
internal sealed class ObjectTypes(Compilation compilation, INamedTypeSymbol within)
{
    private readonly Compilation compilation = compilation;
    private readonly INamedTypeSymbol within = within;
    private readonly ObjectState state = new(compilation, within);
    private readonly ConstructorFacts constructors = new(compilation);

    /// <summary>Reads a part of an object.</summary>
    public delegate ValueModel? PartReader(ITypeSymbol type, out Refusal? refusal);

    /// <summary>Null where an object can't be rebuilt, which <paramref name="refusal"/> explains.</summary>
    public ObjectModel? Read(INamedTypeSymbol type, PartReader read, out Refusal? refusal)
    {
        if (type.TypeKind is not (TypeKind.Class or TypeKind.Struct) || type.IsAbstract)
        {
            var what = type.TypeKind == TypeKind.Interface ? "an interface" : "abstract";
            refusal = new Refusal(
                $"its type {TypeNames.Short(type)} is {what} and holds tensors, so that the pipeline can't rebuild it",
                $"declare it with its real type, or {Refusal.HandOnTensors}");
            return null;
        }

        var members = state.Of(type, out refusal);
        if (refusal is not null || Choose(type, members, out refusal) is not { } recipe) return null;
        var parts = new List<PartModel>();
        foreach (var member in recipe.Members)
        {
            if (read(member.Type, out refusal) is not { } value)
            {
                refusal = refusal?.In($"'{member.Name}'");
                return null;
            }

            parts.Add(new PartModel(member.Name, TypeNames.Escape(member.Name), value));
        }

        return new ObjectModel(
            TypeNames.Full(type),
            TypeNames.Short(type),
            !type.IsValueType && type.NullableAnnotation != NullableAnnotation.NotAnnotated,
            type.IsValueType,
            parts.ToEquatableArray(),
            recipe.Model);
    }

    // The constructor that takes the most; of equals the first.
    private (IReadOnlyList<StateMember> Members, RecipeModel Model)? Choose(
        INamedTypeSymbol type, IReadOnlyList<StateMember> members, out Refusal? refusal)
    {
        refusal = null;
        var candidates = type.InstanceConstructors
            .Where(constructor => compilation.IsSymbolAccessibleWithin(constructor, within) && !IsCopy(constructor, type))
            .Select(constructor => new Attempt(this, constructor, members))
            .OrderByDescending(attempt => attempt.Arguments.Count)
            .ToList();
        if (candidates.FirstOrDefault(attempt => attempt.Problem is null) is { } works) return (works.Members, works.Recipe(type));
        refusal = candidates.FirstOrDefault()?.Problem is { } problem
            ? new Refusal($"its type {TypeNames.Short(type)} can't be rebuilt: {problem.Reason}", $"{problem.Remedy}, or {Refusal.HandOnTensors}")
            : new Refusal(
                $"its type {TypeNames.Short(type)} can't be rebuilt: it has no constructor that {within.Name} can call",
                $"make a constructor public or internal, or {Refusal.HandOnTensors}");
        return null;
    }

    private static bool IsCopy(IMethodSymbol constructor, INamedTypeSymbol type)
        => constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type);

    /// <summary>A constructor, with what it takes from the members and what is left to set.</summary>
    private sealed class Attempt
    {
        private readonly ObjectTypes types;
        private readonly IMethodSymbol constructor;
        private readonly List<StateMember> settings = [];

        public Attempt(ObjectTypes types, IMethodSymbol constructor, IReadOnlyList<StateMember> members)
        {
            (this.types, this.constructor) = (types, constructor);
            foreach (var parameter in constructor.Parameters)
            {
                if (members.FirstOrDefault(member => Fits(parameter, member)) is { } member) Arguments.Add((parameter, member));
                else if (!parameter.IsOptional) Problem ??= NoSource(parameter);
            }

            var setsRequired = constructor.GetAttributes()
                .Any(attribute => attribute.AttributeClass?.Name == "SetsRequiredMembersAttribute");
            foreach (var member in members.Where(member => member.IsState))
            {
                var isKept = Arguments.Any(argument => argument.Member == member && types.constructors.Keeps(constructor, argument.Parameter, member));
                if (isKept && (setsRequired || !member.IsRequired)) continue;
                if (member.IsSettable(types.compilation, types.within)) settings.Add(member);
                else Problem ??= NotSet(member);
            }

            Members = [.. members.Where(member => member.IsState || Arguments.Any(argument => argument.Member == member))];
        }

        public List<(IParameterSymbol Parameter, StateMember Member)> Arguments { get; } = [];

        /// <summary>The members that are read.</summary>
        public IReadOnlyList<StateMember> Members { get; }

        /// <summary>Why this constructor won't do; null if it will.</summary>
        public Refusal? Problem { get; }

        public RecipeModel Recipe(INamedTypeSymbol type)
        {
            var named = Arguments.Count < constructor.Parameters.Length;
            return new RecipeModel(
                TypeNames.Full(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)),
                Arguments.Select(argument => Setting(
                    named ? $"{TypeNames.Escape(argument.Parameter.Name)}: " : "", argument.Member, Sure(argument.Parameter.Type, argument.Member)))
                    .ToEquatableArray(),
                settings.Select(member => Setting($"{TypeNames.Escape(member.Name)} = ", member, "")).ToEquatableArray());
        }

        private SettingModel Setting(string prefix, StateMember member, string suffix)
            => new(prefix, Members.ToList().IndexOf(member), suffix);

        // What the constructor once made of a value that is never null may be null by now, for the compiler.
        private static string Sure(ITypeSymbol taken, StateMember member)
            => taken is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }
                && member.Type.NullableAnnotation == NullableAnnotation.Annotated ? "!" : "";

        private bool Fits(IParameterSymbol parameter, StateMember member)
            => string.Equals(parameter.Name, member.Name, StringComparison.OrdinalIgnoreCase)
                && parameter.RefKind is RefKind.None or RefKind.In
                && types.compilation.ClassifyCommonConversion(member.Type, parameter.Type) is { Exists: true, IsImplicit: true };

        private static Refusal NoSource(IParameterSymbol parameter) => new(
            $"its constructor takes '{parameter.Name}', which no public property or field of that name and type gives back",
            "add one");

        private Refusal NotSet(StateMember member)
        {
            var parameter = char.ToLowerInvariant(member.Name[0]) + member.Name.Substring(1);
            return Arguments.Exists(argument => argument.Member == member)
                ? new Refusal(
                    $"its constructor changes '{parameter}' before it keeps it as the {member.Kind} '{member.Name}', which can't be set",
                    $"make the {member.Kind} settable")
                : new Refusal(
                    $"nothing sets its {member.Kind} '{member.Name}'",
                    $"give the constructor a parameter named '{parameter}', make the {member.Kind} settable");
        }
    }
}
