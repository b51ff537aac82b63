using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Depth-wise attention in the encoder, and a head that joins the features of three encoder levels.</summary>
[Pipeline]
public sealed partial class SegNextLike : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Sequential patch_embed1;
    [PipelineStage(0)] private readonly Msca block1;
    [PipelineStage(1)] private readonly Sequential patch_embed2;
    [PipelineStage(1)] private readonly Msca block2;
    [PipelineStage(2)] private readonly Sequential patch_embed3;
    [PipelineStage(2)] private readonly Msca block3;
    [PipelineStage(3)] private readonly Module<Tensor, Tensor> squeeze;
    [PipelineStage(3)] private readonly Module<Tensor, Tensor> cls_seg;

    public SegNextLike(int classes = 2)
        : base(nameof(SegNextLike))
    {
        patch_embed1 = Embed(3, 4);
        block1 = new Msca(4);
        patch_embed2 = Embed(4, 6);
        block2 = new Msca(6);
        patch_embed3 = Embed(6, 8);
        block3 = new Msca(8);
        squeeze = Conv2d(4 + 6 + 8, 6, 1);
        cls_seg = Conv2d(6, classes, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        long height = x.shape[2], width = x.shape[3];
        var f1 = block1.forward(patch_embed1.forward(x));
        var f2 = block2.forward(patch_embed2.forward(f1));
        var f3 = block3.forward(patch_embed3.forward(f2));
        long[] size = [f1.shape[2], f1.shape[3]];
        var joined = cat(
            [f1, functional.interpolate(f2, size: size, mode: InterpolationMode.Bilinear, align_corners: false), functional.interpolate(f3, size: size, mode: InterpolationMode.Bilinear, align_corners: false)],
            dim: 1);
        joined = functional.relu(squeeze.forward(joined));
        return functional.interpolate(cls_seg.forward(joined), size: [height, width]);
    }

    private static Sequential Embed(long from, long to)
        => Sequential(Conv2d(from, to, 3, stride: 2, padding: 1), BatchNorm2d(to));

    private class Msca : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv0;
        private readonly Conv2d conv0_1;
        private readonly Conv2d conv0_2;
        private readonly Conv2d conv3;

        public Msca(long dim)
            : base(nameof(Msca))
        {
            conv0 = Conv2d(dim, dim, 3, padding: 1, groups: dim);
            conv0_1 = Conv2d(dim, dim, (1, 3), padding: (0, 1), groups: dim);
            conv0_2 = Conv2d(dim, dim, (3, 1), padding: (1, 0), groups: dim);
            conv3 = Conv2d(dim, dim, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            using var scope = NewDisposeScope();
            var u = x;
            var attn = conv0.forward(x);
            var attn_0 = conv0_2.forward(conv0_1.forward(attn));
            attn = conv3.forward(attn + attn_0);
            return (attn * u).MoveToOuterDisposeScope();
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase SegNextLike => CorpusCase.Of(
        () => new SegNextLike(), n => randn(n, 3, 16, 16), n => randint(0, 2, [n, 16, 16]), Losses.CrossEntropy);
}
