using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Pixel shuffle by hand, and a long skip from the input, scaled up, to the very end.</summary>
[Pipeline]
public sealed partial class SuperResolution : Module<Tensor, Tensor>
{
    private readonly int upscale;
    [PipelineStage(0)] private readonly Conv2d conv1;
    [PipelineStage(1)] private readonly Conv2d conv2;
    [PipelineStage(2)] private readonly Conv2d conv3;

    public SuperResolution(int upscale = 2)
        : base(nameof(SuperResolution))
    {
        this.upscale = upscale;
        conv1 = Conv2d(1, 4, (5, 5), (1, 1), (2, 2));
        conv2 = Conv2d(4, 4, (3, 3), (1, 1), (1, 1));
        conv3 = Conv2d(4, upscale * upscale, (3, 3), (1, 1), (1, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var big = functional.interpolate(x, scale_factor: [upscale, upscale]);
        var (b, _, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        x = functional.relu(conv1.forward(x));
        x = functional.relu(conv2.forward(x)) + x;
        x = conv3.forward(x);
        x = x.view(b, 1, upscale, upscale, h, w).permute(0, 1, 4, 2, 5, 3).reshape(b, 1, h * upscale, w * upscale);
        return x + big;
    }
}

internal static partial class Samples
{
    public static CorpusCase SuperResolution => CorpusCase.Of(
        () => new SuperResolution(), n => randn(n, 1, 4, 5), n => randn(n, 1, 8, 10), (r, y) => functional.l1_loss(r, y));
}
