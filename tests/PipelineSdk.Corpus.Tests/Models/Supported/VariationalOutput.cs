using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The result is a record with a tuple in it, a tensor that may be missing, and what is computed from them.</summary>
[Pipeline]
public sealed partial class VariationalOutput : Module<Tensor, bool, VariationalResult>
{
    [PipelineStage(0)] private readonly Linear encoder = Linear(6, 8);
    [PipelineStage(1)] private readonly Linear mean = Linear(8, 3);
    [PipelineStage(1)] private readonly Linear variance = Linear(8, 3);
    [PipelineStage(2)] private readonly Linear decoder = Linear(3, 6);

    public VariationalOutput()
        : base(nameof(VariationalOutput)) => RegisterComponents();

    public override VariationalResult forward(Tensor x, bool with_hidden)
    {
        var hidden = encoder.forward(x).tanh();
        var latent = (Mean: mean.forward(hidden), LogVariance: variance.forward(hidden));
        return new VariationalResult(decoder.forward(latent.Mean), latent) { Hidden = with_hidden ? hidden : null };
    }
}

public sealed record VariationalResult(Tensor Output, (Tensor Mean, Tensor LogVariance) Latent)
{
    public Tensor? Hidden { get; init; }

    public Tensor Divergence => (Latent.LogVariance.exp() + Latent.Mean.square() - 1 - Latent.LogVariance).mean() * 0.5;
}

internal static partial class Samples
{
    public static CorpusCase VariationalOutput => CorpusCase.Of(
        () => new VariationalOutput(),
        (m, x) => m.forward(x.T(0), (bool)x[1]!),
        n => [randn(n, 6), false],
        n => randn(n, 6),
        (result, target) => Losses.Mse(result.Output, target) + result.Divergence);

    public static CorpusCase VariationalOutputWithHidden => CorpusCase.Of(
        () => new VariationalOutput(),
        (m, x) => m.forward(x.T(0), (bool)x[1]!),
        n => [randn(n, 6), true],
        n => randn(n, 6),
        (result, target) => Losses.Mse(result.Output, target) + result.Divergence + result.Hidden!.square().mean());
}
