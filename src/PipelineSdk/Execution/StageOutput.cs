using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>How the gradient of one handed-over tensor finds its way.</summary>
/// <param name="Tensor">The tensor with the graph; null where there is none.</param>
/// <param name="Owned">Whether the stage disposes <paramref name="Tensor"/>: not where it is the model's own.</param>
/// <param name="PassesInput">
/// The input that was handed on untouched, so that its gradient is handed back untouched; -1 where the tensor was computed.
/// </param>
internal readonly record struct StageOutput(Tensor? Tensor, bool Owned, int PassesInput)
{
    /// <summary>Whether a gradient has somewhere to go.</summary>
    public bool TakesGradient => Tensor is not null || PassesInput >= 0;

    public static StageOutput None => new(null, false, -1);
}
