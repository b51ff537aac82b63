using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>An instance field or property of the model class, with what its attributes say.</summary>
internal sealed class ModelMember(ISymbol symbol, ITypeSymbol type)
{
    public ISymbol Symbol { get; } = symbol;

    public ITypeSymbol Type { get; } = type;

    public string Name => Symbol.Name;

    /// <summary>The stages that attributes give it; null without a (valid) attribute.</summary>
    public StageRange? Pinned { get; set; }

    /// <summary>The stages that its attribute names, also where the attribute is refused.</summary>
    public StageRange? Claimed { get; set; }

    /// <summary>How <c>[PipelineStages]</c> splits its elements; null where it does not.</summary>
    public IReadOnlyList<int>? Counts { get; set; }

    /// <summary>Where its attribute stands.</summary>
    public Location? AttributeLocation { get; set; }

    /// <summary>Whether <c>[PipelineStages]</c> without counts leaves its division to the partitioner.</summary>
    public bool IsOpen { get; set; }

    /// <summary>What its elements are, if it has any.</summary>
    public ContainerKind Container { get; set; } = TorchTypes.ContainerOf(type);

    public bool IsModule { get; } = TorchTypes.IsModule(type);

    public bool IsTensor { get; } = TorchTypes.IsTensor(type);

    /// <summary>Whether gradients or state tie it to one stage.</summary>
    public bool IsTied => (IsModule && !TorchTypes.IsStateless(Type)) || IsTensor || Container == ContainerKind.List;

    /// <summary>Whether TorchSharp's <c>RegisterComponents</c> finds it.</summary>
    public bool IsRegistered => IsModule || IsTensor;

    /// <summary>Whether a stage's members, as the runtime lists them, include it.</summary>
    public bool IsListed => IsRegistered || Container == ContainerKind.List;

    /// <summary>Its name in <c>state_dict</c>.</summary>
    public string StateName { get; } = StateNameOf(symbol);

    // TorchSharp registers fields: by [ComponentName], else by the field's own name, also that of an auto-property.
    private static string StateNameOf(ISymbol symbol)
    {
        var named = symbol.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass is { Name: "ComponentNameAttribute" })
            ?.NamedArguments.FirstOrDefault(argument => argument.Key == "Name").Value.Value as string;
        return named ?? (symbol is IPropertySymbol ? $"<{symbol.Name}>k__BackingField" : symbol.Name);
    }
}
