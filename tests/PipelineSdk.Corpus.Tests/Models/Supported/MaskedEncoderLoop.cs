using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A loop over a split list that takes an input mask along and collects every layer's result.</summary>
[Pipeline]
public sealed partial class MaskedEncoderLoop : Module<Tensor, Tensor?, (Tensor Last, Tensor All)>
{
    [PipelineStage(0)] private readonly Linear embed;
    [PipelineStages(1, 1, 2)] private readonly ModuleList<EncoderLayer> layers;
    [PipelineStage(2)] private readonly LayerNorm norm;

    public MaskedEncoderLoop()
        : base(nameof(MaskedEncoderLoop))
    {
        embed = Linear(4, 8);
        layers = ModuleList(new EncoderLayer(8, 2), new EncoderLayer(8, 2), new EncoderLayer(8, 2), new EncoderLayer(8, 2));
        norm = LayerNorm(8);
        RegisterComponents();
    }

    public override (Tensor Last, Tensor All) forward(Tensor src, Tensor? mask)
    {
        var output = embed.forward(src);
        var all_hidden_states = new List<Tensor> { output };
        foreach (var mod in layers)
        {
            output = mod.forward(output, src_mask: mask);
            all_hidden_states.Add(output);
        }

        output = norm.forward(output);
        return (output, stack(all_hidden_states, 1));
    }
}

internal static partial class Samples
{
    public static CorpusCase MaskedEncoderLoop => CorpusCase.Of(
        () => new MaskedEncoderLoop(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 5, 4), null],
        n => randn(n, 5, 8),
        (r, y) => Losses.Mse(r.Last, y) + r.All.pow(2).mean());
}
