using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Binary cross-entropy of logits</summary>
public sealed class BCEWithLogitsLoss : WeightedLoss<Tensor, Tensor, Tensor>
{
    public BCEWithLogitsLoss(Tensor? weight = null, nn.Reduction reduction = nn.Reduction.Mean, Tensor? pos_weights = null)
        : base(weight, reduction)
    {
        this.pos_weights = pos_weights;
    }

    public Tensor? pos_weights { get; }

    public override Tensor forward(Tensor input, Tensor target)
        => nn.functional.binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weights);
}
