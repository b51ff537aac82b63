using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Decoder with RMS norms, rotary tables and a mask that every layer takes beside the hidden states.</summary>
[Pipeline]
public sealed partial class LlamaLike : Module<Tensor, int, Tensor>
{
    private readonly LlamaSettings settings;
    [PipelineStage(0)] private readonly Embedding tok_embeddings;
    [PipelineStage(0)] private readonly LlamaLayer layer0;
    [PipelineStage(1)] private readonly LlamaLayer layer1;
    [PipelineStage(2)] private readonly LlamaLayer layer2;
    [PipelineStage(2)] private readonly LlamaNorm norm;
    [PipelineStage(3)] private readonly Linear output;

    public LlamaLike(LlamaSettings settings)
        : base(nameof(LlamaLike))
    {
        this.settings = settings;
        tok_embeddings = Embedding(settings.Vocabulary, settings.Width);
        layer0 = new LlamaLayer(settings);
        layer1 = new LlamaLayer(settings);
        layer2 = new LlamaLayer(settings);
        norm = new LlamaNorm(settings.Width);
        output = Linear(settings.Width, settings.Vocabulary, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens, int start_pos)
    {
        var length = tokens.shape[1];
        var h = tok_embeddings.forward(tokens);
        var (cos, sin) = Rotary.Tables(start_pos, length, settings.Width / settings.Heads, h.device);
        Tensor? mask = null;
        if (length > 1)
        {
            mask = full([length, length], float.NegativeInfinity, device: h.device);
            mask = triu(mask, diagonal: 1).type_as(h);
        }

        h = layer0.forward(h, cos, sin, mask);
        h = layer1.forward(h, cos, sin, mask);
        h = layer2.forward(h, cos, sin, mask);
        h = norm.forward(h);
        return output.forward(h).to(float32);
    }
}

public sealed record LlamaSettings(long Vocabulary = 9, long Width = 8, long Heads = 2, double Epsilon = 1e-5);

internal static class Rotary
{
    public static (Tensor Cos, Tensor Sin) Tables(int start, long length, long width, Device device)
    {
        var frequencies = 1.0 / pow(tensor(10000.0f), arange(0, width, 2, dtype: float32, device: device) / width);
        var positions = arange(start, start + length, dtype: float32, device: device);
        var angles = outer(positions, frequencies);
        angles = cat([angles, angles], dim: -1);
        return (angles.cos(), angles.sin());
    }

    public static Tensor Apply(Tensor x, Tensor cos, Tensor sin)
    {
        var half = x.shape[^1] / 2;
        var rotated = cat([-x.narrow(-1, half, half), x.narrow(-1, 0, half)], dim: -1);
        return x * cos + rotated * sin;
    }
}

internal sealed class LlamaNorm : Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    public LlamaNorm(long width)
        : base(nameof(LlamaNorm))
    {
        weight = Parameter(ones(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => x * rsqrt(x.pow(2).mean([-1], keepdim: true) + 1e-6) * weight;
}

internal sealed class LlamaLayer : Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    private readonly LlamaNorm attention_norm;
    private readonly LlamaNorm ffn_norm;
    private readonly Linear wq, wk, wv, wo;
    private readonly Linear w1, w2, w3;
    private readonly long heads;

    public LlamaLayer(LlamaSettings settings)
        : base(nameof(LlamaLayer))
    {
        heads = settings.Heads;
        attention_norm = new LlamaNorm(settings.Width);
        ffn_norm = new LlamaNorm(settings.Width);
        wq = Linear(settings.Width, settings.Width, hasBias: false);
        wk = Linear(settings.Width, settings.Width, hasBias: false);
        wv = Linear(settings.Width, settings.Width, hasBias: false);
        wo = Linear(settings.Width, settings.Width, hasBias: false);
        w1 = Linear(settings.Width, 12, hasBias: false);
        w2 = Linear(12, settings.Width, hasBias: false);
        w3 = Linear(settings.Width, 12, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor cos, Tensor sin, Tensor? mask)
    {
        var h = x + Attend(attention_norm.forward(x), cos, sin, mask);
        var n = ffn_norm.forward(h);
        return h + w2.forward(functional.silu(w1.forward(n)) * w3.forward(n));
    }

    private Tensor Attend(Tensor x, Tensor cos, Tensor sin, Tensor? mask)
    {
        long[] split = [x.shape[0], x.shape[1], heads, x.shape[2] / heads];
        var q = Rotary.Apply(wq.forward(x).view(split).transpose(1, 2), cos, sin);
        var k = Rotary.Apply(wk.forward(x).view(split).transpose(1, 2), cos, sin);
        var v = wv.forward(x).view(split).transpose(1, 2);
        var scores = q.matmul(k.transpose(2, 3)) / Math.Sqrt(split[3]);
        if (mask is not null) scores = scores + mask;
        return wo.forward(functional.softmax(scores, -1).matmul(v).transpose(1, 2).reshape(x.shape));
    }
}

internal static partial class Samples
{
    public static CorpusCase LlamaLike => CorpusCase.Of(
        () => new LlamaLike(new LlamaSettings()),
        (m, x) => m.forward(x.T(0), (int)x[1]!),
        n => [randint(0, 9, [n, 5]), 3],
        n => randint(0, 9, [n, 5]),
        Losses.Tokens);

    public static CorpusCase LlamaLikeOneToken => CorpusCase.Of(
        () => new LlamaLike(new LlamaSettings()),
        (m, x) => m.forward(x.T(0), (int)x[1]!),
        n => [randint(0, 9, [n, 1]), 0],
        n => randint(0, 9, [n, 1]),
        Losses.Tokens);
}
