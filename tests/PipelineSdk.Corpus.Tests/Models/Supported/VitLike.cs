using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Vision transformer with a class token and a position table as own parameters.</summary>
[Pipeline]
public sealed partial class VitLike : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d patch_embed;
    [PipelineStage(0)] private readonly Parameter cls_token;
    [PipelineStage(0)] private readonly Parameter pos_embed;
    [PipelineStage(0)] private readonly EncoderLayer block0;
    [PipelineStage(1)] private readonly EncoderLayer block1;
    [PipelineStage(2)] private readonly EncoderLayer block2;
    [PipelineStage(3)] private readonly LayerNorm norm;
    [PipelineStage(3)] private readonly Linear head;

    public VitLike(long width = 8)
        : base(nameof(VitLike))
    {
        patch_embed = Conv2d(3, width, kernel_size: 4, stride: 4);
        cls_token = Parameter(zeros(1, 1, width));
        pos_embed = Parameter(randn(1, 5, width) * 0.02);
        block0 = new EncoderLayer(width, 2);
        block1 = new EncoderLayer(width, 2);
        block2 = new EncoderLayer(width, 2);
        norm = LayerNorm(width, eps: 1e-6);
        head = Linear(width, 4);
        RegisterComponents();
    }

    public override Tensor forward(Tensor img)
    {
        var b = img.shape[0];
        var x = patch_embed.forward(img).flatten(2).transpose(1, 2);
        var cls = cls_token.expand(b, -1, -1);
        x = cat([cls, x], dim: 1);
        x = x + pos_embed;
        x = block0.forward(x, null);
        x = block1.forward(x, src_mask: null);
        x = block2.forward(x, null);
        x = norm.forward(x);
        return head.forward(x[TensorIndex.Colon, 0]);
    }
}

internal static partial class Samples
{
    public static CorpusCase VitLike => CorpusCase.Of(
        () => new VitLike(), n => randn(n, 3, 8, 8), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
