using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Layers by index with tables, a start position and a mask beside the hidden states, as Llama ports have it.</summary>
[Pipeline]
public sealed partial class LlamaLoop : Module<Tensor, int, Tensor>
{
    private readonly LlamaSettings settings = new();
    [PipelineStage(0)] private readonly Embedding tok_embeddings;
    [PipelineStages(2, 2, 1)] private readonly ModuleList<LlamaLayer> layers;
    [PipelineStage(2)] private readonly LlamaNorm norm;
    [PipelineStage(2)] private readonly Linear output;

    public LlamaLoop()
        : base(nameof(LlamaLoop))
    {
        tok_embeddings = Embedding(settings.Vocabulary, settings.Width);
        layers = new ModuleList<LlamaLayer>();
        for (var i = 0; i < 5; i++) layers.append(new LlamaLayer(settings));
        norm = new LlamaNorm(settings.Width);
        output = Linear(settings.Width, settings.Vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, int start_pos)
    {
        var seqlen = tokens.shape[1];
        var h = tok_embeddings.forward(tokens);
        var (cos, sin) = Rotary.Tables(start_pos, seqlen, settings.Width / settings.Heads, h.device);
        Tensor? mask = null;
        if (seqlen > 1)
        {
            mask = full([seqlen, seqlen], float.NegativeInfinity, device: h.device).triu(1);
        }

        for (var i = 0; i < layers.Count; i++)
        {
            h = layers[i].forward(h, cos, sin, mask);
        }

        h = norm.forward(h);
        return output.forward(h);
    }
}

internal static partial class Samples
{
    public static CorpusCase LlamaLoop => CorpusCase.Of(
        () => new LlamaLoop(),
        (m, x) => m.forward(x.T(0), (int)x[1]!),
        n => [randint(0, 9, [n, 5]), 2],
        n => randint(0, 9, [n, 5]),
        Losses.Tokens);
}
