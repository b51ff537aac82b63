using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>Recognises TorchSharp's types by name.</summary>
internal static class TorchTypes
{
    // Layers without parameters, buffers or state of their own: two stages may use one at the same time.
    private static readonly HashSet<string> Stateless = new(StringComparer.Ordinal)
    {
        "AdaptiveAvgPool1d", "AdaptiveAvgPool2d", "AdaptiveAvgPool3d", "AdaptiveMaxPool1d", "AdaptiveMaxPool2d", "AdaptiveMaxPool3d",
        "AvgPool1d", "AvgPool2d", "AvgPool3d", "MaxPool1d", "MaxPool2d", "MaxPool3d", "Flatten", "Unflatten", "Identity",
        "ReLU", "ReLU6", "LeakyReLU", "GELU", "SiLU", "ELU", "SELU", "CELU", "Mish", "Sigmoid", "LogSigmoid", "Tanh", "Softmax",
        "Softmax2d", "LogSoftmax", "Softmin", "Softplus", "Softsign", "Softshrink", "Hardshrink", "Hardsigmoid", "Hardswish",
        "Hardtanh", "Tanhshrink", "Threshold", "GLU", "Upsample", "PixelShuffle", "PixelUnshuffle", "ZeroPad2d", "ConstantPad1d",
        "ConstantPad2d", "ReflectionPad1d", "ReflectionPad2d", "ReplicationPad1d", "ReplicationPad2d", "Dropout", "Dropout1d",
        "Dropout2d", "Dropout3d", "AlphaDropout", "FeatureAlphaDropout",
    };

    private static readonly HashSet<string> Collections = new(StringComparer.Ordinal)
    {
        "List", "IList", "IReadOnlyList", "ICollection", "IReadOnlyCollection", "IEnumerable", "ImmutableArray", "ImmutableList",
    };

    /// <summary><c>Tensor</c> or a class derived from it, such as <c>Parameter</c>.</summary>
    public static bool IsTensor(ITypeSymbol? type) => Bases(type).Any(IsTensorItself);

    /// <summary><c>Tensor</c> itself.</summary>
    public static bool IsTensorItself(ITypeSymbol? type)
        => type is { Name: "Tensor", ContainingType: { Name: "torch", ContainingType: null } torch } && IsTorchSharp(torch);

    /// <summary><c>nn.Module</c> or a class derived from it, or <c>nn.IModule&lt;...&gt;</c>, which a Sequential's indexer returns.</summary>
    public static bool IsModule(ITypeSymbol? type)
        => Bases(type).Any(IsModuleItself)
            || type is INamedTypeSymbol { Name: "IModule", TypeKind: TypeKind.Interface, ContainingType: { } nn } && IsNn(nn);

    /// <summary>A class derived from <c>nn.Module&lt;...&gt;</c>, which has a <c>forward</c>.</summary>
    public static bool IsCallableModule(ITypeSymbol? type) => Bases(type).Any(candidate =>
        candidate is INamedTypeSymbol { Name: "Module", Arity: >= 2, ContainingType: { } nn } && IsNn(nn));

    /// <summary><c>Sequential</c>, from tensor to tensor.</summary>
    public static bool IsSequential(ITypeSymbol? type)
        => type is INamedTypeSymbol { Name: "Sequential", Arity: 0, ContainingType: null, ContainingNamespace.Name: "Modules" } sequential
            && sequential.ContainingNamespace.ContainingNamespace is { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary><c>nn.Module&lt;Tensor, Tensor&gt;</c> itself, or its interface: what many a field is declared as that holds a <c>Sequential</c>.</summary>
    public static bool IsTensorModule(ITypeSymbol type)
        => type is INamedTypeSymbol { Name: "Module" or "IModule", TypeArguments: [{ } input, { } output], ContainingType: { } nn } && IsNn(nn)
            && IsTensorItself(input) && IsTensorItself(output);

    /// <summary>What kind of container of modules a type is, and so what its elements are.</summary>
    public static ContainerKind ContainerOf(ITypeSymbol type)
    {
        if (IsSequential(type)) return ContainerKind.Sequential;
        if (IsPipeline(type)) return ContainerKind.Pipeline;
        if (Bases(type).OfType<INamedTypeSymbol>().Any(IsModuleCollection)) return ContainerKind.Modules;
        var element = type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
            INamedTypeSymbol { TypeArguments.Length: 1 } list
                when Collections.Contains(list.Name) && list.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal)
                => list.TypeArguments[0],
            _ => null,
        };
        return IsModule(element) ? ContainerKind.List : ContainerKind.None;
    }

    /// <summary>A layer that keeps nothing, so that it may run in several stages.</summary>
    public static bool IsStateless(ITypeSymbol? type)
        => type is INamedTypeSymbol { ContainingType: null, ContainingNamespace.Name: "Modules" } layer
            && layer.ContainingNamespace.ContainingNamespace is { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true }
            && Stateless.Contains(layer.Name);

    /// <summary>The boundary of a submodule that is itself a pipeline class.</summary>
    public static bool IsBoundary(ITypeSymbol type) => type.ToDisplayString() == "PipelineSdk.Model.Boundary";

    /// <summary>A dispose scope of TorchSharp.</summary>
    public static bool IsDisposeScope(ITypeSymbol? type)
        => type is { Name: "DisposeScope", ContainingNamespace: { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true } };

    /// <summary>A type declared by TorchSharp.</summary>
    public static bool IsTorchSharp(ITypeSymbol type)
    {
        for (var space = type.ContainingNamespace; space is { IsGlobalNamespace: false }; space = space.ContainingNamespace)
        {
            if (space is { Name: "TorchSharp", ContainingNamespace.IsGlobalNamespace: true }) return true;
        }

        return false;
    }

    private static bool IsModuleCollection(INamedTypeSymbol type)
        => type is { Name: "ModuleList" or "ModuleDict", Arity: 1, ContainingNamespace.Name: "Modules" } && IsTorchSharp(type);

    private static bool IsPipeline(ITypeSymbol type) => IsCallableModule(type)
        && type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.Pipeline);

    private static bool IsModuleItself(ITypeSymbol type)
        => type is INamedTypeSymbol { Name: "Module", Arity: 0, ContainingType: { } nn } && IsNn(nn);

    private static bool IsNn(INamedTypeSymbol type)
        => type is { Name: "nn", ContainingType: { Name: "torch", ContainingType: null } torch } && IsTorchSharp(torch);

    private static IEnumerable<ITypeSymbol> Bases(ITypeSymbol? type)
    {
        if (type is ITypeParameterSymbol parameter) return parameter.ConstraintTypes.SelectMany(Bases);
        return Chain(type);

        static IEnumerable<ITypeSymbol> Chain(ITypeSymbol? type)
        {
            for (; type is not null; type = type.BaseType) yield return type;
        }
    }
}
