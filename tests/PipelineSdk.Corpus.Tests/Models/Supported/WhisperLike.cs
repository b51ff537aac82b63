using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Speech encoder and text decoder: the encoder's result passes through to every decoder block.</summary>
[Pipeline]
public sealed partial class WhisperLike : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly AudioEncoder encoder;
    [PipelineStage(1)] private readonly Embedding token_embedding;
    [PipelineStage(1)] private readonly Parameter positional_embedding;
    [PipelineStage(1)] private readonly CrossBlock block1;
    [PipelineStage(2)] private readonly CrossBlock block2;
    [PipelineStage(3)] private readonly LayerNorm ln;
    [PipelineStage(3)] private readonly Linear head;

    public WhisperLike()
        : base("whisper")
    {
        encoder = new AudioEncoder(mels: 4, width: 8);
        token_embedding = Embedding(10, 8);
        positional_embedding = Parameter(randn(6, 8) * 0.1);
        block1 = new CrossBlock(8);
        block2 = new CrossBlock(8);
        ln = LayerNorm(8);
        head = Linear(8, 10, false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor mel, Tensor tokens)
    {
        var xa = encoder.forward(mel);
        var offset = 0;
        var length = tokens.shape[1];
        var x = token_embedding.forward(tokens) + positional_embedding[TensorIndex.Slice(offset, offset + length)];
        var mask = zeros(length, length).masked_fill(ones(length, length).triu(1).to(ScalarType.Bool), double.NegativeInfinity);
        x = block1.forward(x, xa, mask);
        x = block2.forward(x, xa, mask: mask);
        return head.forward(ln.forward(x));
    }
}

internal sealed class AudioEncoder : Module<Tensor, Tensor>
{
    private readonly Conv1d conv1;
    private readonly Conv1d conv2;
    private readonly GroupNorm ln_post;

    public AudioEncoder(long mels, long width)
        : base(nameof(AudioEncoder))
    {
        conv1 = Conv1d(mels, width, 3, padding: 1);
        conv2 = Conv1d(width, width, 3, stride: 2, padding: 1);
        ln_post = GroupNorm(1, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = functional.gelu(conv1.forward(x));
        x = functional.gelu(conv2.forward(x));
        // The norm stands before the permute: libtorch 1.13 computes wrong gradients for a Conv1d whose result is
        // permuted at once (oneDNN reads a gradient that is not contiguous as if it were).
        return ln_post.forward(x).permute(0, 2, 1);
    }
}

internal sealed class CrossBlock : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Linear query, key, value, cross_query, cross_key, cross_value;
    private readonly LayerNorm attn_ln, cross_ln;

    public CrossBlock(long width)
        : base(nameof(CrossBlock))
    {
        query = Linear(width, width);
        key = Linear(width, width, hasBias: false);
        value = Linear(width, width);
        cross_query = Linear(width, width);
        cross_key = Linear(width, width, hasBias: false);
        cross_value = Linear(width, width);
        attn_ln = LayerNorm(width);
        cross_ln = LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor xa, Tensor mask)
    {
        var y = attn_ln.forward(x);
        x = x + Attention(query.forward(y), key.forward(y), value.forward(y), mask);
        y = cross_ln.forward(x);
        return x + Attention(cross_query.forward(y), cross_key.forward(xa), cross_value.forward(xa));
    }

    private static Tensor Attention(Tensor q, Tensor k, Tensor v, Tensor? mask = null)
    {
        var w = q.matmul(k.transpose(-1, -2)) / Math.Sqrt(q.shape[^1]);
        if (mask is not null) w += mask;
        return functional.softmax(w, dim: -1).matmul(v);
    }
}

internal static partial class Samples
{
    public static CorpusCase WhisperLike => CorpusCase.Of(
        () => new WhisperLike(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 4, 10), randint(0, 10, [n, 4])],
        n => randint(0, 10, [n, 4]),
        Losses.Tokens);
}
