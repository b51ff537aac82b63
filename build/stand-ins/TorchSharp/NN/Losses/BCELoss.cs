using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Binary cross-entropy of probabilities</summary>
public sealed class BCELoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCELoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean)
        : base(weight, reduction)
    {
    }

    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.binary_cross_entropy(input, target, weight, reduction);
}
