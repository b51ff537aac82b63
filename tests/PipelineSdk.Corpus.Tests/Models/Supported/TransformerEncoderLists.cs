using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Language model with loops over module lists that take a mask along, and a sinusoidal table as buffer.</summary>
[Pipeline]
public sealed partial class TransformerEncoderLists : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding encoder;
    [PipelineStage(0)] private readonly Tensor pe;
    [PipelineStage(0)] private readonly ModuleList<EncoderLayer> bottom = new();
    [PipelineStage(1)] private readonly ModuleList<EncoderLayer> top = new();
    [PipelineStage(2)] private readonly Linear decoder;
    private readonly double scale;

    public TransformerEncoderLists(long tokens = 12, long width = 8)
        : base("Transformer")
    {
        scale = Math.Sqrt(width);
        encoder = Embedding(tokens, width);
        var position = arange(0, 10, dtype: float32).unsqueeze(1);
        var div = exp(arange(0, width, 2, dtype: float32) * (-Math.Log(10000.0) / width));
        pe = stack([sin(position * div), cos(position * div)], -1).view(10, width);
        for (var i = 0; i < 2; i++)
        {
            bottom.append(new EncoderLayer(width, 2));
            top.append(new EncoderLayer(width, 2));
        }

        decoder = Linear(width, tokens);
        RegisterComponents();
    }

    public override Tensor forward(Tensor src, Tensor src_mask)
    {
        var h = encoder.forward(src) * scale;
        h = h + pe[TensorIndex.Slice(0, src.shape[1])];
        foreach (var layer in bottom)
        {
            h = layer.forward(h, src_mask);
        }

        for (var i = 0; i < top.Count; i++)
        {
            h = top[i].call(h, src_mask);
        }

        return decoder.forward(h);
    }
}

internal sealed class EncoderLayer : Module<Tensor, Tensor?, Tensor>
{
    private readonly Linear in_proj;
    private readonly Linear out_proj;
    private readonly Linear linear1;
    private readonly Linear linear2;
    private readonly LayerNorm norm1;
    private readonly LayerNorm norm2;
    private readonly long heads;

    public EncoderLayer(long width, long heads)
        : base(nameof(EncoderLayer))
    {
        this.heads = heads;
        in_proj = Linear(width, 3 * width);
        out_proj = Linear(width, width);
        linear1 = Linear(width, 12);
        linear2 = Linear(12, width);
        norm1 = LayerNorm(width);
        norm2 = LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor src, Tensor? src_mask)
    {
        var (n, t, c) = (src.shape[0], src.shape[1], src.shape[2]);
        var qkv = in_proj.forward(src).view(n, t, 3, heads, c / heads).permute(2, 0, 3, 1, 4);
        var scores = qkv[0].matmul(qkv[1].transpose(-1, -2)) / Math.Sqrt(c / heads);
        if (src_mask is { } mask) scores = scores + mask;
        var attended = functional.softmax(scores, -1).matmul(qkv[2]).transpose(1, 2).reshape(n, t, c);
        src = norm1.forward(src + out_proj.forward(attended));
        return norm2.forward(src + linear2.forward(functional.relu(linear1.forward(src))));
    }
}

internal static partial class Samples
{
    public static CorpusCase TransformerEncoderLists => CorpusCase.Of(
        () => new TransformerEncoderLists(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randint(0, 12, [n, 5]), full([5, 5], float.NegativeInfinity).triu(1)],
        n => randint(0, 12, [n, 5]),
        Losses.Tokens,
        replicated: ["src_mask"]);
}
