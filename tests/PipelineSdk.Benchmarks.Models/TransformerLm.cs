using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>A causal language model: tokens <c>[batch, time]</c> to logits <c>[batch, time, vocabulary]</c>.</summary>
[Pipeline]
public sealed partial class TransformerLm : Module<Tensor, Tensor>
{
    private readonly Embedding tokens;
    private readonly Parameter positions;
    private readonly Sequential blocks;
    private readonly Sequential head;

    public TransformerLm(int layers, int heads, int width, int time, int vocabulary)
        : base(nameof(TransformerLm))
    {
        tokens = Embedding(vocabulary, width);
        positions = new Parameter(randn(time, width) * 0.02);
        blocks = Sequential(Enumerable.Range(0, layers).Select(i => ($"block{i}", (Module<Tensor, Tensor>)new TransformerBlock(width, heads, time))));
        head = Sequential(LayerNorm(width), Linear(width, vocabulary));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = tokens.call(input) + positions;
        x = blocks.call(x);
        return head.call(x);
    }
}
