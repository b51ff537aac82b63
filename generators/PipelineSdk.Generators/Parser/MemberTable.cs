using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>The instance fields and properties of the model class and its bases.</summary>
internal sealed class MemberTable
{
    private readonly Dictionary<ISymbol, ModelMember> members = new(SymbolEqualityComparer.Default);
    private readonly List<ModelMember> ordered = [];
    private readonly HashSet<INamedTypeSymbol> types = new(SymbolEqualityComparer.Default);

    public MemberTable(INamedTypeSymbol model, ICollection<Diagnostic> diagnostics)
    {
        for (var type = model; type is not null && !TorchTypes.IsTorchSharp(type); type = type.BaseType)
        {
            types.Add(type.OriginalDefinition);
            foreach (var symbol in type.OriginalDefinition.GetMembers())
            {
                if (symbol.IsStatic) continue;
                var member = symbol switch
                {
                    IFieldSymbol { AssociatedSymbol: null } field => new ModelMember(field, field.Type),
                    IPropertySymbol { IsIndexer: false } property => new ModelMember(property, property.Type),
                    _ => null,
                };
                if (member is null) continue;
                members[symbol] = member;
                ordered.Add(member);
                Annotate(member, diagnostics);
            }
        }
    }

    /// <summary>All members, in the order of declaration, bases last.</summary>
    public IReadOnlyList<ModelMember> All => ordered;

    public ModelMember? Find(ISymbol? symbol)
        => symbol is not null && members.TryGetValue(symbol.OriginalDefinition, out var member) ? member : null;

    /// <summary>Whether a type is the model class or one of its bases in source.</summary>
    public bool Declares(INamedTypeSymbol? type) => type is not null && types.Contains(type.OriginalDefinition);

    private static void Annotate(ModelMember member, ICollection<Diagnostic> diagnostics)
    {
        AttributeData? stage = null, stages = null;
        foreach (var attribute in AttributesOf(member.Symbol))
        {
            switch (attribute.AttributeClass?.ToDisplayString())
            {
                case AttributeNames.PipelineStage: stage ??= attribute; break;
                case AttributeNames.PipelineStages: stages ??= attribute; break;
                default: break;
            }
        }

        if (stage is null && stages is null) return;
        member.AttributeLocation = LocationOf(stage ?? stages!, member.Symbol);
        if (stage is not null && stages is not null)
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.ConflictingAttributes, LocationOf(stages, member.Symbol), member.Name));
        }

        if (stage is not null) Pin(member, stage, diagnostics);
        else Split(member, stages!, diagnostics);
    }

    private static void Pin(ModelMember member, AttributeData attribute, ICollection<Diagnostic> diagnostics)
    {
        if (attribute.ConstructorArguments.FirstOrDefault().Value is not int stage) return;
        if (stage < 0)
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.StageNumbers, member.AttributeLocation, $"'{member.Name}' has the stage {stage}"));
            return;
        }

        member.Claimed = member.Pinned = new StageRange(stage, stage);
    }

    private static void Split(ModelMember member, AttributeData attribute, ICollection<Diagnostic> diagnostics)
    {
        var counts = new List<int>();
        if (attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } argument)
        {
            foreach (var value in argument.Values) counts.Add(value.Value is int count ? count : 0);
        }

        var first = attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "FirstStage").Value.Value as int? ?? 0;
        if (counts.Count > 0) member.Claimed = new StageRange(first, first + counts.Count - 1);
        if (member.Container == ContainerKind.None && TorchTypes.IsTensorModule(member.Type)) member.Container = ContainerKind.Sequential;
        var problem =
            member.Container == ContainerKind.None
                ? $"its type {TypeNames.Short(member.Type)} has no elements to split, as Sequential, ModuleList, lists of modules and "
                    + "[Pipeline] classes have: pin it with [PipelineStage]"
            : counts.FirstOrDefault(count => count < 1) is var bad && counts.Any(count => count < 1)
                ? $"the count {bad} is less than 1: every stage needs an element"
            : null;
        if (problem is not null)
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.StagesNeedElements, member.AttributeLocation, member.Name, problem));
            return;
        }

        if (counts.Count == 0)
        {
            member.IsOpen = true;
            return;
        }

        if (first < 0)
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.StageNumbers, member.AttributeLocation, $"'{member.Name}' has the first stage {first}"));
            return;
        }

        member.Counts = counts;
        member.Pinned = member.Claimed;
    }

    // [field: PipelineStage(0)] on an auto-property stands on the field behind it.
    private static IEnumerable<AttributeData> AttributesOf(ISymbol symbol)
    {
        var attributes = symbol.GetAttributes().AsEnumerable();
        if (symbol is IPropertySymbol property)
        {
            var backing = property.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .FirstOrDefault(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
            if (backing is not null) attributes = attributes.Concat(backing.GetAttributes());
        }

        return attributes;
    }

    private static Location LocationOf(AttributeData attribute, ISymbol symbol)
        => attribute.ApplicationSyntaxReference is { } reference
            ? Location.Create(reference.SyntaxTree, reference.Span)
            : symbol.Locations.FirstOrDefault() ?? Location.None;
}
