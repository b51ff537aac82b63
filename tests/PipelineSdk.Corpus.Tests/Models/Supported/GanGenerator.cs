using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A generator without any attribute on its members: it may be cut between any two statements.</summary>
[Pipeline]
public sealed partial class GanGenerator : Module<Tensor, Tensor>
{
    private readonly Linear project;
    private readonly Sequential conv_blocks1;
    private readonly Sequential conv_blocks2;
    private readonly Conv2d toImage;

    public GanGenerator(int latent = 5)
        : base(nameof(GanGenerator))
    {
        project = Linear(latent, 6 * 2 * 2);
        conv_blocks1 = Sequential(BatchNorm2d(6), Upsample(scale_factor: [2, 2]), Conv2d(6, 5, 3, padding: 1), LeakyReLU(0.2, inplace: true));
        conv_blocks2 = Sequential(BatchNorm2d(5), Upsample(scale_factor: [2, 2]), Conv2d(5, 4, 3, padding: 1), LeakyReLU(0.2, inplace: true));
        toImage = Conv2d(4, 1, 3, padding: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor z)
    {
        var @out = project.forward(z);
        @out = @out.view(@out.shape[0], 6, 2, 2);
        @out = conv_blocks1.forward(@out);
        var img = conv_blocks2.forward(@out);
        return functional.tanh(toImage.forward(img));
    }
}

internal static partial class Samples
{
    public static CorpusCase GanGenerator => CorpusCase.Of(() => new GanGenerator(), n => randn(n, 5), n => rand(n, 1, 8, 8));
}
