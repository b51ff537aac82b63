using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Attention and feed-forward side by side, partial rotary width, an optional padding mask; logits and hidden states out.</summary>
[Pipeline]
public sealed partial class PhiLike : Module<Tensor, Tensor?, (Tensor logits, Tensor hidden)>
{
    [PipelineStage(0)] private readonly Embedding embed_tokens = Embedding(9, 8);
    [PipelineStage(0)] private readonly PhiLayer first = new(8, 2);
    [PipelineStage(1)] private readonly PhiLayer second = new(8, 2);
    [PipelineStage(2)] private readonly LayerNorm final_layernorm = LayerNorm(8);
    [PipelineStage(2)] private readonly Linear lm_head = Linear(8, 9);

    public PhiLike()
        : base(nameof(PhiLike)) => RegisterComponents();

    public override (Tensor logits, Tensor hidden) forward(Tensor input_ids, Tensor? attention_mask)
    {
        var device = input_ids.device;
        var (batch, length) = (input_ids.size(0), input_ids.size(1));
        var causal = ones(length, length, dtype: ScalarType.Bool, device: device).tril().expand(batch, 1, length, length);
        Tensor mask;
        if (attention_mask is null)
        {
            mask = causal;
        }
        else
        {
            mask = causal & attention_mask.to(ScalarType.Bool).unsqueeze(1).unsqueeze(2);
        }

        var hidden = embed_tokens.forward(input_ids);
        hidden = first.forward(hidden, mask);
        hidden = second.forward(hidden, mask);
        hidden = final_layernorm.forward(hidden);
        var logits = lm_head.forward(hidden);
        return (logits, hidden);
    }

    private sealed class PhiLayer : Module<Tensor, Tensor, Tensor>
    {
        private readonly LayerNorm input_layernorm;
        private readonly Linear q_proj, k_proj, v_proj, dense;
        private readonly Linear fc1, fc2;
        private readonly long heads;

        public PhiLayer(long width, long heads)
            : base(nameof(PhiLayer))
        {
            this.heads = heads;
            input_layernorm = LayerNorm(width);
            (q_proj, k_proj, v_proj, dense) = (Linear(width, width), Linear(width, width), Linear(width, width), Linear(width, width));
            (fc1, fc2) = (Linear(width, 12), Linear(12, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor mask)
        {
            var residual = x;
            x = input_layernorm.forward(x);
            var b = x.shape[0];
            Tensor Heads(Tensor t) => t.view(b, -1, heads, x.shape[2] / heads).transpose(1, 2);
            var attn = functional.scaled_dot_product_attention(
                Heads(q_proj.forward(x)), Heads(k_proj.forward(x)), Heads(v_proj.forward(x)), attn_mask: mask);
            var mixed = dense.forward(attn.transpose(1, 2).reshape(x.shape));
            return mixed + fc2.forward(functional.gelu(fc1.forward(x))) + residual;
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase PhiLike => CorpusCase.Of(
        () => new PhiLike(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randint(0, 9, [n, 4]), cat([ones(n, 3), zeros(n, 1)], 1)],
        n => randint(0, 9, [n, 4]),
        (r, y) => Losses.Tokens(r.logits, y) + 0.01 * r.hidden.pow(2).mean());

    public static CorpusCase PhiLikeWithoutMask => CorpusCase.Of(
        () => new PhiLike(),
        (m, x) => m.forward(x.T(0), null),
        n => [randint(0, 9, [n, 4]), null],
        n => randint(0, 9, [n, 4]),
        (r, y) => Losses.Tokens(r.logits, y));
}
