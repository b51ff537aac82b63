using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Numbers and categories as inputs; the wide part waits for the deep one through two stages.</summary>
[Pipeline]
internal partial class WideAndDeep : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Embedding> embeddings;
    [PipelineStage(0)] private readonly Linear wide;
    [PipelineStage(1)] private readonly Linear deep1;
    [PipelineStage(1)] private readonly BatchNorm1d norm1;
    [PipelineStage(2)] private readonly Linear deep2;
    [PipelineStage(2)] private readonly Parameter mix;

    public WideAndDeep(params int[] cardinalities)
        : base(nameof(WideAndDeep))
    {
        embeddings = new ModuleList<Embedding>([.. cardinalities.Select(c => Embedding(c, 3))]);
        wide = Linear(4, 1);
        deep1 = Linear(4 + 3 * cardinalities.Length, 6);
        norm1 = BatchNorm1d(6);
        deep2 = Linear(6, 1);
        mix = Parameter(torch.tensor(0.5f));
        RegisterComponents();
    }

    public override Tensor forward(Tensor numeric, Tensor categorical)
    {
        var embedded = embeddings.Select((embedding, i) => embedding.forward(categorical.select(1, i))).ToList();
        embedded.Insert(0, numeric);
        var joined = cat(embedded, dim: 1);
        var linear = wide.forward(numeric);
        var h = norm1.forward(deep1.forward(joined)).relu_();
        var result = deep2.forward(h);
        return (mix * result + (1 - mix) * linear).squeeze(1);
    }
}

internal static partial class Samples
{
    public static CorpusCase WideAndDeep => CorpusCase.Of(
        () => new WideAndDeep(5, 7),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 4), randint(0, 5, [n, 2])],
        n => randn(n),
        Losses.Mse);
}
