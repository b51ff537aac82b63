using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Sizes of tensors in memory.</summary>
internal static class ByteCount
{
    /// <summary>Bytes of the elements of one tensor.</summary>
    public static long Of(Tensor tensor) => tensor.numel() * tensor.element_size();

    /// <summary>Bytes of the elements of all tensors of a list.</summary>
    public static long Of(List<Tensor?> tensors)
    {
        var bytes = 0L;
        foreach (var tensor in tensors)
        {
            if (tensor is not null) bytes += Of(tensor);
        }

        return bytes;
    }
}
