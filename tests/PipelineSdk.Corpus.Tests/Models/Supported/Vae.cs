using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Variational autoencoder: mean and log-variance are results, and reach them past the decoder's stages.</summary>
[Pipeline]
public sealed partial class Vae : Module<Tensor, Tensor, (Tensor Reconstruction, Tensor Mean, Tensor LogVariance)>
{
    [PipelineStage(0)] private readonly Sequential encoder;
    [PipelineStage(1)] private readonly Linear fc_mu;
    [PipelineStage(1)] private readonly Linear fc_var;
    [PipelineStage(2)] private readonly Sequential decoder;

    public Vae()
        : base(nameof(Vae))
    {
        encoder = Sequential(Linear(10, 8), LeakyReLU(0.2), Linear(8, 6), LeakyReLU(0.2));
        fc_mu = Linear(6, 3);
        fc_var = Linear(6, 3);
        decoder = Sequential(Linear(3, 8), ReLU(), Linear(8, 10), Sigmoid());
        RegisterComponents();
    }

    public override (Tensor Reconstruction, Tensor Mean, Tensor LogVariance) forward(Tensor x, Tensor noise)
    {
        var h = encoder.forward(x.flatten(start_dim: 1));
        var (mu, logvar) = (fc_mu.forward(h), fc_var.forward(h));
        var z = Reparameterize(mu, logvar, noise);
        return (decoder.forward(z).view(x.shape), mu, logvar);
    }

    private static Tensor Reparameterize(Tensor mu, Tensor logvar, Tensor noise)
    {
        using var std = exp(0.5 * logvar);
        return mu + noise * std;
    }
}

internal static partial class Samples
{
    public static CorpusCase Vae => CorpusCase.Of(
        () => new Vae(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [rand(n, 2, 5), randn(n, 3)],
        n => rand(n, 2, 5),
        (r, y) => functional.binary_cross_entropy(r.Reconstruction, y)
            - 0.5 * (1 + r.LogVariance - r.Mean.pow(2) - r.LogVariance.exp()).sum(1).mean());
}
