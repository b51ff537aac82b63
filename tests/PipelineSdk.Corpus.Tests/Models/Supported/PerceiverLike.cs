using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A learned array of latents attends to the input twice; the input passes through to the second time.</summary>
[Pipeline]
public sealed partial class PerceiverLike : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Parameter latents;
    [PipelineStage(0)] private readonly CrossAttend cross0;
    [PipelineStage(1)] private readonly EncoderLayer self0;
    [PipelineStage(2)] private readonly CrossAttend cross1;
    [PipelineStage(3)] private readonly Linear logits;

    public PerceiverLike()
        : base(nameof(PerceiverLike))
    {
        latents = Parameter(randn(3, 8) * 0.02);
        cross0 = new CrossAttend(8, 5);
        self0 = new EncoderLayer(8, 2);
        cross1 = new CrossAttend(8, 5);
        logits = Linear(8, 4);
        RegisterComponents();
    }

    public override Tensor forward(Tensor data)
    {
        var x = latents.unsqueeze(0).repeat(data.shape[0], 1, 1);
        x = cross0.forward(x, data) + x;
        x = self0.forward(x, null);
        x = cross1.forward(x, data) + x;
        return logits.forward(x.mean([1]));
    }

    private sealed class CrossAttend : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear to_q;
        private readonly Linear to_kv;

        public CrossAttend(long width, long context)
            : base(nameof(CrossAttend))
        {
            to_q = Linear(width, width, hasBias: false);
            to_kv = Linear(context, 2 * width, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor context)
        {
            var kv = to_kv.forward(context).chunk(2, dim: -1);
            var (k, v) = (kv[0], kv[1]);
            var similarity = einsum("bid,bjd->bij", to_q.forward(x), k) * 0.35;
            return einsum("bij,bjd->bid", functional.softmax(similarity, -1), v);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase PerceiverLike => CorpusCase.Of(
        () => new PerceiverLike(), n => randn(n, 6, 5), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
