using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests;

/// <summary>The losses that the models are trained with, averaged over the samples.</summary>
public static class Losses
{
    public static Tensor Mse(Tensor output, Tensor target) => functional.mse_loss(output, target);

    /// <summary>Scores [n, classes, ...] against classes [n, ...].</summary>
    public static Tensor CrossEntropy(Tensor output, Tensor target) => functional.cross_entropy(output, target);

    /// <summary>Scores [n, length, tokens] against tokens [n, length].</summary>
    public static Tensor Tokens(Tensor output, Tensor target)
        => functional.cross_entropy(output.view(-1, output.shape[^1]), target.reshape(-1));
}
