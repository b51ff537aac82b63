using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Time embedding beside x in every stage, skips in a list, an optional class condition.</summary>
[Pipeline]
public sealed partial class DiffusionUNet : Module<Tensor, Tensor, Tensor?, Tensor>
{
    [PipelineStage(0)] private readonly Linear time_embed1 = Linear(8, 8);
    [PipelineStage(0)] private readonly Linear time_embed2 = Linear(8, 8);
    [PipelineStage(0)] private readonly Embedding label_embed = Embedding(3, 8);
    [PipelineStage(0)] private readonly Conv2d conv_in = Conv2d(1, 4, 3, padding: 1);
    [PipelineStage(0)] private readonly ResBlock down1 = new(4, 4, 8);
    [PipelineStage(1)] private readonly ResBlock down2 = new(4, 6, 8);
    [PipelineStage(1)] private readonly ResBlock middle = new(6, 6, 8);
    [PipelineStage(2)] private readonly ResBlock up2 = new(12, 4, 8);
    [PipelineStage(2)] private readonly ResBlock up1 = new(8, 4, 8);
    [PipelineStage(3)] private readonly GroupNorm norm_out = GroupNorm(2, 4);
    [PipelineStage(3)] private readonly Conv2d conv_out = Conv2d(4, 1, 3, padding: 1);

    public DiffusionUNet()
        : base(nameof(DiffusionUNet)) => RegisterComponents();

    public override Tensor forward(Tensor x, Tensor timesteps, Tensor? labels)
    {
        var emb = TimestepEmbedding(timesteps, 8);
        emb = time_embed2.forward(functional.silu(time_embed1.forward(emb)));
        if (labels is not null) emb = emb + label_embed.forward(labels);

        var skips = new List<Tensor>();
        var h = conv_in.forward(x);
        h = down1.forward(h, emb);
        skips.Add(h);
        h = functional.avg_pool2d(h, 2);
        h = down2.forward(h, emb);
        skips.Add(h);
        h = functional.avg_pool2d(h, 2);
        h = middle.forward(h, emb);
        h = functional.interpolate(h, scale_factor: [2, 2]);
        h = up2.forward(cat([h, skips[1]], 1), emb);
        h = functional.interpolate(h, scale_factor: [2, 2]);
        h = up1.forward(cat([h, skips[0]], 1), emb);
        return conv_out.forward(functional.silu(norm_out.forward(h)));
    }

    private static Tensor TimestepEmbedding(Tensor timesteps, int dim)
    {
        var half = dim / 2;
        var freqs = exp(-Math.Log(100) * arange(0, half, dtype: float32) / half);
        var args = timesteps.to(float32)[TensorIndex.Colon, TensorIndex.None] * freqs[TensorIndex.None];
        return cat([cos(args), sin(args)], dim: -1);
    }

    private sealed class ResBlock : Module<Tensor, Tensor, Tensor>
    {
        private readonly GroupNorm norm;
        private readonly Conv2d conv;
        private readonly Linear emb_proj;
        private readonly Module<Tensor, Tensor> shortcut;

        public ResBlock(long from, long to, long emb)
            : base(nameof(ResBlock))
        {
            norm = GroupNorm(2, from);
            conv = Conv2d(from, to, 3, padding: 1);
            emb_proj = Linear(emb, to);
            shortcut = from == to ? Identity() : Conv2d(from, to, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor emb)
        {
            var h = conv.forward(functional.silu(norm.forward(x)));
            h += emb_proj.forward(functional.silu(emb)).unsqueeze(-1).unsqueeze(-1);
            return h + shortcut.forward(x);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase DiffusionUNet => CorpusCase.Of(
        () => new DiffusionUNet(),
        (m, x) => m.forward(x.T(0), x.T(1), x.T(2)),
        n => [randn(n, 1, 8, 8), randint(0, 20, [n]), randint(0, 3, [n])],
        n => randn(n, 1, 8, 8),
        Losses.Mse);

    public static CorpusCase DiffusionUNetWithoutLabels => CorpusCase.Of(
        () => new DiffusionUNet(),
        (m, x) => m.forward(x.T(0), x.T(1), null),
        n => [randn(n, 1, 8, 8), randint(0, 20, [n]), null],
        n => randn(n, 1, 8, 8),
        Losses.Mse);
}
