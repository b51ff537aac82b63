using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Character GPT: lower and upper blocks in a list each, causal mask as buffer of the attention.</summary>
[Pipeline]
public sealed partial class NanoGptHalves : Module<Tensor, Tensor>
{
    private const int Context = 6;

    [PipelineStage(0)] private readonly Embedding wte;
    [PipelineStage(0)] private readonly Embedding wpe;
    [PipelineStage(0)] private readonly ModuleList<NanoBlock> lower;
    [PipelineStage(1)] private readonly ModuleList<NanoBlock> upper;
    [PipelineStage(2)] private readonly LayerNorm ln_f;
    [PipelineStage(2)] private readonly Linear lm_head;

    public NanoGptHalves(int vocabulary = 11, int width = 8)
        : base(nameof(NanoGptHalves))
    {
        wte = Embedding(vocabulary, width);
        wpe = Embedding(Context, width);
        lower = ModuleList(new NanoBlock(width, 2, Context), new NanoBlock(width, 2, Context));
        upper = ModuleList(new NanoBlock(width, 2, Context));
        ln_f = LayerNorm(width);
        lm_head = Linear(width, vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor idx)
    {
        var t = idx.shape[1];
        using var pos = arange(0, t, dtype: int64, device: idx.device);
        var x = wte.forward(idx) + wpe.forward(pos);
        foreach (var block in lower) x = block.forward(x);
        foreach (var block in upper) x = block.forward(x);
        x = ln_f.forward(x);
        return lm_head.forward(x);
    }
}

internal sealed class NanoBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm ln1;
    private readonly NanoAttention attn;
    private readonly LayerNorm ln2;
    private readonly Sequential mlp;

    public NanoBlock(long width, long heads, long context)
        : base(nameof(NanoBlock))
    {
        ln1 = LayerNorm(width);
        attn = new NanoAttention(width, heads, context);
        ln2 = LayerNorm(width);
        mlp = Sequential(Linear(width, 2 * width), GELU(), Linear(2 * width, width), Dropout(0.1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = x + attn.forward(ln1.forward(x));
        x = x + mlp.forward(ln2.forward(x));
        return x.MoveToOuterDisposeScope();
    }
}

internal sealed class NanoAttention : Module<Tensor, Tensor>
{
    private readonly Linear c_attn;
    private readonly Linear c_proj;
    private readonly Tensor bias;
    private readonly long heads;

    public NanoAttention(long width, long heads, long context)
        : base(nameof(NanoAttention))
    {
        this.heads = heads;
        c_attn = Linear(width, 3 * width);
        c_proj = Linear(width, width);
        bias = tril(ones(context, context)).view(1, 1, context, context);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var (b, t, c) = (x.shape[0], x.shape[1], x.shape[2]);
        var qkv = c_attn.forward(x).split(c, 2);
        var q = qkv[0].view(b, t, heads, c / heads).transpose(1, 2);
        var k = qkv[1].view(b, t, heads, c / heads).transpose(1, 2);
        var v = qkv[2].view(b, t, heads, c / heads).transpose(1, 2);
        var att = q.matmul(k.transpose(-2, -1)) * (1.0 / Math.Sqrt(c / heads));
        att = att.masked_fill(bias[TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(0, t), TensorIndex.Slice(0, t)] == 0, float.NegativeInfinity);
        att = functional.softmax(att, -1);
        var y = att.matmul(v).transpose(1, 2).contiguous().view(b, t, c);
        return c_proj.forward(y);
    }
}

internal static partial class Samples
{
    public static CorpusCase NanoGptHalves => CorpusCase.Of(
        () => new NanoGptHalves(), n => randint(0, 11, [n, 5]), n => randint(0, 11, [n, 5]), Losses.Tokens, evaluation: true);
}
