using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Puts the results of the micro-batches together again, in the order of the inputs.</summary>
/// <remarks>
/// Tensors of shape <c>[batch, ...]</c> are concatenated. A scalar tensor is a figure of its micro-batch, such as a loss that the model
/// computes itself: it becomes the weighted sum, as the loss of the mini-batch is.
/// </remarks>
internal static class ResultMerger
{
    /// <summary>A boundary with the results of the whole mini-batch. Its tensors belong to the caller's dispose scope.</summary>
    public static Boundary Merge(MicroBatches batch)
    {
        var parts = batch.Results.Select(result => BoundaryTensors.List(result!)).ToList();
        var whole = batch.Results[0]!.Clone();
        whole.VisitTensors(new Replacer(ordinal => Merge([.. parts.Select(part => part[ordinal])], batch.Weights)));
        return whole;
    }

    private static Tensor? Merge(Tensor?[] parts, double[] weights) => parts switch
    {
        [null, ..] => null,
        [{ } only] => only.alias(),
        [{ ndim: 0 }, ..] => parts.Select((part, i) => part! * weights[i]).Aggregate(static (sum, next) => sum + next),
        _ => cat([.. parts.Select(part => part!)], 0),
    };

    private sealed class Replacer(Func<int, Tensor?> replacement) : ITensorVisitor
    {
        private int ordinal;

        public void Visit(int slot, ref Tensor? tensor) => tensor = replacement(ordinal++);
    }
}
