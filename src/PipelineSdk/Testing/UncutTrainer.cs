using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>Trains the uncut model as a pipeline would: micro-batch by micro-batch, each with its weight, in the order of the pipeline's actions.</summary>
internal sealed class UncutTrainer<TModel, TResult>(
    TModel model, Func<TModel, ModelInputs, TResult> forward, Func<TResult, Tensor, Tensor> loss, PipelineOptions options, PipelineBlueprint<TModel> blueprint)
    where TModel : nn.Module
{
    private readonly TiedWeights tied = new(model, blueprint.ModelName);

    /// <summary>Forward and backward of a mini-batch. The caller's dispose scope gets what it computes.</summary>
    /// <param name="inputs">The arguments of <c>forward</c>.</param>
    /// <param name="targets">What the loss compares with.</param>
    /// <param name="forwards">The micro-batches in the order of forwards.</param>
    /// <param name="backwards">The micro-batches in the order in which weight gradients are added.</param>
    /// <returns>The loss of the mini-batch.</returns>
    public double Step(ModelInputs inputs, Tensor targets, IReadOnlyList<int> forwards, IReadOnlyList<int> backwards)
    {
        var samples = targets.shape[options.TargetBatchDimension];
        var sizes = Sizes(samples, forwards.Count);
        Tensor[] parts = [.. sizes.Select((size, i) => targets.narrow(options.TargetBatchDimension, sizes.Take(i).Sum(), size))];
        var counts = parts.Zip(sizes, (part, size) => options.LossWeight?.Invoke(part) ?? size).ToArray();
        var weights = LossWeights.Of(counts, options.LossReduction, null, options.AccumulationSteps);
        var losses = new Tensor[sizes.Length];
        foreach (var i in forwards) losses[i] = loss(forward(model, Slice(inputs, sizes.Take(i).Sum(), sizes[i])), parts[i]);
        foreach (var i in backwards)
        {
            if (losses[i].requires_grad) autograd.backward(losses[i], losses[i].detach().full_like(weights.OfGradients[i]));
        }

        tied.SumGradients();
        return losses.Zip(weights.OfLosses, static (value, weight) => weight * value.detach().to(ScalarType.Float64).item<double>()).Sum();
    }

    private long[] Sizes(long samples, int count) => options.MicroBatchSize is { } size
        ? [.. Enumerable.Range(0, count).Select(i => Math.Min(size, samples - ((long)i * size)))]
        : [.. Enumerable.Range(0, count).Select(i => (samples / count) + (i < samples % count ? 1 : 0))];

    private ModelInputs Slice(ModelInputs inputs, long start, long size)
    {
        var values = inputs.Values.ToArray();
        if (values.Length != blueprint.Inputs.Count) throw CanNotDivide("their parts are not its own arguments");
        for (var i = 0; i < values.Length; i++)
        {
            var name = blueprint.Inputs[i].Name;
            if (values[i] is Tensor tensor && !options.ReplicatedInputs.Contains(name))
                values[i] = tensor.narrow(options.BatchDimensions.TryGetValue(name, out var dimension) ? dimension : 0, start, size);
            else if (values[i] is not (null or Tensor or string or ValueType))
                throw CanNotDivide($"'{name}' is a {TypeName.Of(values[i]!.GetType())}");
        }

        return new ModelInputs(values);
    }

    private ArgumentException CanNotDivide(string reason) => new(
        $"PipelineAssert divides inputs that are tensors, not those of {blueprint.ModelName}.forward: {reason}. Compare a model around it that takes tensors.");
}
