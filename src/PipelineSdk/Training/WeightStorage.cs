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

    /// <summary>Whether the values of two parameters on one device, whichever it is, begin at one place in memory.</summary>
    public static bool BeginTogether(Parameter first, Parameter second)
    {
        if (ReferenceEquals(first, second)) return true;
        if (first.numel() == 0 || second.numel() == 0) return false;
        return first.device_type == DeviceType.CPU ? AddressOf(first) == AddressOf(second) : ShowWrites(first, second);
    }

    /// <summary>Whether what is written to the first element of one parameter shows in that of another, which also tells where no address is to be had.</summary>
    public static bool ShowWrites(Parameter first, Parameter second)
    {
        using var scope = torch.NewDisposeScope();
        using var untracked = torch.no_grad();
        // Over storages: libtorch takes no note of a change to the parameters, and there is none in the end.
        var (written, read) = (First(first), First(second));
        var kept = written.clone();
        var other = Value() == 0 ? 1 : 0;
        written.fill_(other);
        var shows = Value() == other;
        written.copy_(kept);
        return shows;

        double Value() => read.to(torch.ScalarType.Float64).item<double>();

        static torch.Tensor First(Parameter parameter) => StorageAlias.Of(parameter).as_strided([1], [1], parameter.storage_offset());
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
