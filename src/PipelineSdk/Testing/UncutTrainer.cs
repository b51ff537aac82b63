using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>Trains the uncut model as a pipeline would: micro-batch by micro-batch, each with its weight, in the order of the pipeline's actions.</summary>
internal sealed class UncutTrainer<TModel, TResult>(
    TModel model, Func<TModel, ModelInputs, TResult> forward, Func<TResult, Tensor, Tensor> loss, PipelineOptions options, string modelName)
    where TModel : nn.Module
{
    private readonly TiedWeights tied = new(model, modelName);

    /// <summary>Forward and backward of a mini-batch. The caller's dispose scope gets what it computes.</summary>
    /// <param name="pieces">The micro-batches.</param>
    /// <param name="forwards">Their numbers in the order of forwards.</param>
    /// <param name="backwards">Their numbers in the order in which weight gradients are added.</param>
    /// <returns>The loss of the mini-batch.</returns>
    public double Step(IReadOnlyList<MicroBatch> pieces, IReadOnlyList<int> forwards, IReadOnlyList<int> backwards)
    {
        var counts = pieces.Select(piece => options.LossWeight?.Invoke(piece.Targets) ?? piece.Targets.shape[options.TargetBatchDimension]).ToArray();
        var weights = LossWeights.Of(counts, options.LossReduction, null, options.AccumulationSteps);
        var losses = new Tensor[pieces.Count];
        foreach (var i in forwards) losses[i] = loss(forward(model, pieces[i].Inputs), pieces[i].Targets);
        foreach (var i in backwards)
        {
            if (losses[i].requires_grad) autograd.backward(losses[i], losses[i].detach().full_like(weights.OfGradients[i]));
        }

        tied.SumGradients();
        return losses.Zip(weights.OfLosses, static (value, weight) => weight * value.detach().to(ScalarType.Float64).item<double>()).Sum();
    }
}
