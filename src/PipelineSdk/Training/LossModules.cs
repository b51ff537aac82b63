using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Reads off loss modules how they reduce.</summary>
internal static class LossModules
{
    /// <exception cref="ArgumentException">The module does not reduce to one number.</exception>
    public static LossReduction ReductionOf(Loss<Tensor, Tensor, Tensor> loss) => loss.reduction switch
    {
        nn.Reduction.Mean => LossReduction.Mean,
        nn.Reduction.Sum => LossReduction.Sum,
        var other => throw new ArgumentException(
            $"{loss.GetType().Name} has reduction {other}, which yields one loss per sample. Use reduction Mean or Sum.", nameof(loss)),
    };
}
