using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>GPT with one list of blocks in a foreach, split by element range.</summary>
[Pipeline]
public sealed partial class NanoGpt : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding wte;
    [PipelineStage(0)] private readonly Embedding wpe;
    [PipelineStages(2, 1, 1)] private readonly ModuleList<NanoBlock> h;
    [PipelineStage(2)] private readonly LayerNorm ln_f;
    [PipelineStage(2)] private readonly Linear lm_head;

    public NanoGpt(int vocabulary = 11, int width = 8, int layers = 4)
        : base(nameof(NanoGpt))
    {
        wte = Embedding(vocabulary, width);
        wpe = Embedding(6, width);
        h = new ModuleList<NanoBlock>([.. Enumerable.Range(0, layers).Select(_ => new NanoBlock(width, 2, 6))]);
        ln_f = LayerNorm(width);
        lm_head = Linear(width, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor idx)
    {
        var pos = arange(0, idx.shape[1], device: idx.device);
        var x = wte.forward(idx) + wpe.forward(pos);
        foreach (var block in h)
        {
            x = block.forward(x);
        }

        return lm_head.forward(ln_f.forward(x));
    }
}

internal static partial class Samples
{
    public static CorpusCase NanoGpt => CorpusCase.Of(
        () => new NanoGpt(), n => randint(0, 11, [n, 5]), n => randint(0, 11, [n, 5]), Losses.Tokens, evaluation: true);
}
