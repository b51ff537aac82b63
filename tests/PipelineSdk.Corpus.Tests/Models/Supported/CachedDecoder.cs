using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Every layer keeps keys and values of the last call in fields of its own, as for generation; a flag input turns that off.</summary>
[Pipeline]
public sealed partial class CachedDecoder : Module<Tensor, bool, Tensor>
{
    [PipelineStage(0)] private readonly Embedding embed = Embedding(7, 6);
    [PipelineStage(0)] private readonly CachedAttention attention0 = new(6);
    [PipelineStage(1)] private readonly CachedAttention attention1 = new(6);
    [PipelineStage(1)] private readonly Linear lm_head = Linear(6, 7);

    public CachedDecoder()
        : base(nameof(CachedDecoder)) => RegisterComponents();

    public override Tensor forward(Tensor ids, bool use_cache)
    {
        var h = embed.forward(ids);
        h = h + attention0.forward(h, use_cache);
        h = h + attention1.forward(h, use_cache);
        return lm_head.forward(h);
    }

    private sealed class CachedAttention : Module<Tensor, bool, Tensor>
    {
        private readonly Linear q, k, v;
        private (Tensor Keys, Tensor Values)? cache;

        public CachedAttention(long width)
            : base(nameof(CachedAttention))
        {
            (q, k, v) = (Linear(width, width), Linear(width, width), Linear(width, width));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, bool use_cache)
        {
            var (keys, values) = (k.forward(x), v.forward(x));
            if (use_cache)
            {
                if (cache is { } old) (keys, values) = (cat([old.Keys, keys], 1), cat([old.Values, values], 1));
                cache = (keys.detach(), values.detach());
            }

            return functional.softmax(q.forward(x).matmul(keys.transpose(-1, -2)), -1).matmul(values);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase CachedDecoder => CorpusCase.Of(
        () => new CachedDecoder(),
        (m, x) => m.forward(x.T(0), (bool)x[1]!),
        n => [randint(0, 7, [n, 4]), false],
        n => randint(0, 7, [n, 4]),
        Losses.Tokens);
}
