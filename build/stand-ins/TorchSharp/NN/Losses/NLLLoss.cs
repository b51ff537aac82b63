using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Negative log-likelihood: −input[target], input being logarithms of probabilities</summary>
public sealed class NLLLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public NLLLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean)
        : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.nll_loss(input, target, weight, reduction);
}
