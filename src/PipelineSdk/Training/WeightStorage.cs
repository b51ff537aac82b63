using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk.Training;

/// <summary>Tells parameters apart by where their values are: several wrappers, and several tensors, may share one storage.</summary>
internal static class WeightStorage
{
    /// <summary>
    /// The address of the first element; null for a parameter that has been disposed. Where there is no element, or not in the memory of the
    /// CPU, it is one that only this wrapper has.
    /// </summary>
    public static unsafe nint? AddressOf(Parameter parameter)
    {
        if (parameter.IsInvalid) return null;
        if (parameter.numel() == 0 || parameter.device_type != DeviceType.CPU) return parameter.Handle;
        // A view of one element: the bytes of a whole parameter may be more than a span can hold, and must lie side by side.
        using var values = parameter.detach();
        using var first = values.as_strided([1], [1], values.storage_offset());
        return (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(first.bytes));
    }

    /// <summary>Whether two parameters over one storage are one leaf: a gradient of one is then that of the other.</summary>
    public static bool IsOneLeaf(Parameter first, Parameter second)
    {
        if (ReferenceEquals(first, second)) return true;
        // Two wrappers of one native tensor can't be told apart by anything they are asked, only by what is done to one of them.
        var requiresGrad = second.requires_grad;
        second.requires_grad = !first.requires_grad;
        var follows = first.requires_grad == second.requires_grad;
        second.requires_grad = requiresGrad;
        return follows;
    }
}
