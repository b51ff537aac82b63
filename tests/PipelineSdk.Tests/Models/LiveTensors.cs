using static TorchSharp.torch;

namespace PipelineSdk.Tests.Models;

/// <summary>Counts live tensors of the process.</summary>
internal static class LiveTensors
{
    /// <summary>The count, after whatever earlier tests left to the finalizer is gone.</summary>
    public static long Settled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
