using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Makes a tensor of its own over the storage of another.</summary>
internal static class StorageAlias
{
    /// <summary>
    /// The same values under another tensor. libtorch counts changes in place by tensor and its views, not by storage, and refuses a backward through a tensor
    /// that was changed since the forward: what is written through one of the two leaves graphs that know the other usable.
    /// </summary>
    /// <param name="tensor">The other; left as it is.</param>
    /// <returns>A tensor without a graph. It belongs to the caller's dispose scope.</returns>
    public static Tensor Of(Tensor tensor)
    {
        using var untracked = no_grad();
        using var source = tensor.detach();
        return empty(0, tensor.dtype, tensor.device).set_(source);
    }
}
