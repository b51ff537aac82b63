using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Counts the bytes of tensors, each memory once.</summary>
internal static class MemoryCount
{
    /// <summary>The bytes of tensors; one that is not contiguous is a view of another, and counts nothing.</summary>
    /// <param name="tensors">The tensors; null and disposed ones count nothing.</param>
    /// <param name="besides">Tensors whose memory is counted elsewhere.</param>
    public static long Of(IEnumerable<Tensor?> tensors, IEnumerable<Tensor> besides)
    {
        var seen = besides.Where(HasAddress).Select(Address).ToHashSet();
        return tensors
            .Where(tensor => tensor is { IsInvalid: false } && tensor.is_contiguous() && (!HasAddress(tensor) || seen.Add(Address(tensor))))
            .Sum(tensor => ByteCount.Of(tensor!));
    }

    // TorchSharp shows no more bytes than a span can hold.
    private static bool HasAddress(Tensor tensor) => ByteCount.Of(tensor) <= int.MaxValue;

    private static unsafe nint Address(Tensor tensor)
    {
        fixed (byte* first = tensor.bytes) return (nint)first;
    }
}
