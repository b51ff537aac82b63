using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>Says which values can be handed from one stage to the next.</summary>
internal static class Crossing
{
    private const int Depth = 4;

    /// <summary>Why a value of a type can't cross a cut, and what to do; nulls if it can.</summary>
    public static (string? Reason, string Remedy) Refuse(ITypeSymbol type)
    {
        if (type.IsTupleType && type is INamedTypeSymbol tuple)
        {
            return tuple.TupleElements.Select(element => Refuse(element.Type)).FirstOrDefault(refusal => refusal.Reason is not null);
        }

        var name = TypeNames.Short(type);
        if (type is INamedTypeSymbol { Name: "Parameter" } && TorchTypes.IsTensor(type))
        {
            return ("it is a Parameter, whose gradient belongs to the stage that owns it", "use it in its own stage, or hand on what is computed from it");
        }

        if (TorchTypes.IsTensor(type)) return TorchTypes.IsTensorItself(type) ? default : ($"its type {name} is derived from Tensor", "declare it as Tensor");
        if (TorchTypes.IsModule(type)) return ("it is a module, which belongs to one stage", "use it in one stage only");
        if (type.TypeKind == TypeKind.Delegate) return ("it is a delegate, which keeps the variables of its own stage", "call it before the cut and hand on the result");
        if (type.IsRefLikeType) return ($"its type {name} lives on the stack", "copy the values into an array");
        if (type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer) return ("it is a pointer", "hand on a value instead");
        if (type.IsAnonymousType) return ("its type is anonymous", "use a tuple");
        if (type is INamedTypeSymbol { IsFileLocal: true }) return ($"its type {name} is local to the file", "make the type internal");
        if (type.TypeKind is TypeKind.Dynamic or TypeKind.TypeParameter || type.SpecialType == SpecialType.System_Object)
        {
            return ($"its type {name} may hold tensors that the pipeline can't see", "declare it with its real type");
        }

        return IsTensorList(type) || !MayHoldTensors(type, Depth)
            ? default
            : ($"its type {name} holds tensors that the pipeline can't see", "hand on the tensors in variables of their own, or in a List<Tensor>");
    }

    /// <summary>A list of tensors.</summary>
    public static bool IsTensorList(ITypeSymbol type)
        => type is INamedTypeSymbol { Name: "List", TypeArguments.Length: 1 } list
            && list.ContainingNamespace.ToDisplayString() == "System.Collections.Generic"
            && TorchTypes.IsTensorItself(list.TypeArguments[0]);

    private static bool MayHoldTensors(ITypeSymbol type, int depth)
    {
        if (TorchTypes.IsTensor(type) || TorchTypes.IsModule(type)) return true;
        if (type is IArrayTypeSymbol array) return MayHoldTensors(array.ElementType, depth);
        if (type is not INamedTypeSymbol named || depth == 0) return false;
        if (named.TypeArguments.Any(argument => MayHoldTensors(argument, depth - 1))) return true;
        if (type.SpecialType != SpecialType.None || type.TypeKind is TypeKind.Enum or TypeKind.Interface) return false;
        if (TorchTypes.IsTorchSharp(type) || type.ContainingNamespace?.ToDisplayString().StartsWith("System", StringComparison.Ordinal) == true)
        {
            return false;
        }

        return type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && MayHoldTensors(field.Type, depth - 1));
    }
}
