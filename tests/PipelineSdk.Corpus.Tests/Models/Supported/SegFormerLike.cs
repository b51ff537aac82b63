using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Nothing pinned, two outputs of one block in a tuple, sizes read late, and nested calls in one return.</summary>
[Pipeline]
public sealed partial class SegFormerLike : Module<Tensor, Tensor>
{
    private readonly OverlapPatch patch1;
    private readonly OverlapPatch patch2;
    private readonly Linear linear_c1;
    private readonly Linear linear_c2;
    private readonly Conv2d linear_fuse;
    private readonly BatchNorm2d norm;
    private readonly Conv2d linear_pred;

    public SegFormerLike()
        : base(nameof(SegFormerLike))
    {
        patch1 = new OverlapPatch(3, 4);
        patch2 = new OverlapPatch(4, 6);
        linear_c1 = Linear(4, 5);
        linear_c2 = Linear(6, 5);
        linear_fuse = Conv2d(10, 5, 1, bias: false);
        norm = BatchNorm2d(5);
        linear_pred = Conv2d(5, 2, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var n = x.shape[0];
        var (tokens1, h1, w1) = patch1.forward(x);
        var map1 = tokens1.transpose(1, 2).reshape(n, -1, h1, w1);
        var (tokens2, h2, w2) = patch2.forward(map1);
        var c1 = linear_c1.forward(tokens1).transpose(1, 2).reshape(n, -1, h1, w1);
        var c2 = linear_c2.forward(tokens2).transpose(1, 2).reshape(n, -1, h2, w2);
        c2 = functional.interpolate(c2, size: [h1, w1]);
        return linear_pred.forward(functional.relu(norm.forward(linear_fuse.forward(cat([c2, c1], dim: 1)))));
    }

    private sealed class OverlapPatch : Module<Tensor, (Tensor, long, long)>
    {
        private readonly Conv2d proj;
        private readonly LayerNorm norm;

        public OverlapPatch(long from, long to)
            : base(nameof(OverlapPatch))
        {
            proj = Conv2d(from, to, 3, stride: 2, padding: 1);
            norm = LayerNorm(to);
            RegisterComponents();
        }

        public override (Tensor, long, long) forward(Tensor x)
        {
            x = proj.forward(x);
            var (h, w) = (x.shape[2], x.shape[3]);
            return (norm.forward(x.flatten(2).transpose(1, 2)), h, w);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase SegFormerLike => CorpusCase.Of(
        () => new SegFormerLike(), n => randn(n, 3, 8, 8), n => randint(0, 2, [n, 4, 4]), Losses.CrossEntropy);
}
