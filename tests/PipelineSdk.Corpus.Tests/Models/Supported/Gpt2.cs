using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>GPT-2: positions may be given or not, and the loss is computed inside where targets are given.</summary>
[Pipeline]
public sealed partial class Gpt2 : Module<Tensor, Tensor?, Tensor?, (Tensor Logits, Tensor? Loss)>
{
    [PipelineStage(0)] private readonly Embedding wte;
    [PipelineStage(0)] private readonly Embedding wpe;
    [PipelineStages(1, 2)] private readonly ModuleList<NanoBlock> blocks;
    [PipelineStage(1)] private readonly LayerNorm ln_f;
    [PipelineStage(1)] private readonly Linear lm_head;

    public Gpt2()
        : base("gpt2")
    {
        wte = Embedding(9, 8);
        wpe = Embedding(6, 8);
        blocks = ModuleList(new NanoBlock(8, 2, 6), new NanoBlock(8, 2, 6), new NanoBlock(8, 2, 6));
        ln_f = LayerNorm(8);
        lm_head = Linear(8, 9, hasBias: false);
        RegisterComponents();
    }

    public override (Tensor Logits, Tensor? Loss) forward(Tensor input_ids, Tensor? position_ids, Tensor? labels)
    {
        position_ids ??= arange(input_ids.shape[1], device: input_ids.device).unsqueeze(0);
        var hidden = wte.forward(input_ids) + wpe.forward(position_ids);
        for (int i = 0; i < blocks.Count; i++)
        {
            hidden = blocks[i].forward(hidden);
        }

        hidden = ln_f.forward(hidden);
        var logits = lm_head.forward(hidden);
        Tensor? loss = null;
        if (labels is not null)
        {
            loss = functional.cross_entropy(logits.view(-1, logits.size(-1)), labels.view(-1));
        }

        return (logits, loss);
    }
}

internal static partial class Samples
{
    public static CorpusCase Gpt2 => CorpusCase.Of(
        () => new Gpt2(),
        (m, x) => m.forward(x.T(0), x.T(1), x.T(2)),
        n => [randint(0, 9, [n, 5]), null, randint(0, 9, [n, 5])],
        r => r.Loss!,
        evaluation: true);
}
