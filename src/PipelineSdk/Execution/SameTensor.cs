using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Finds tensors by identity: <c>Tensor.Equals</c> compares values.</summary>
internal static class SameTensor
{
    /// <summary>The first position of this very object; -1 where it is absent. Lists are as short as a cut is narrow.</summary>
    public static int IndexIn(List<Tensor?> tensors, Tensor tensor)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            if (ReferenceEquals(tensors[i], tensor)) return i;
        }

        return -1;
    }
}
