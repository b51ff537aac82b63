using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>U-Net whose skips are locals: each crosses from its encoder level to the decoder level of the same size.</summary>
[Pipeline]
public sealed partial class UNetSkips : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly DoubleConv inc;
    [PipelineStage(1)] private readonly DoubleConv down1;
    [PipelineStage(1)] private readonly DoubleConv down2;
    [PipelineStage(2)] private readonly DoubleConv up1;
    [PipelineStage(3)] private readonly DoubleConv up2;
    [PipelineStage(3)] private readonly Conv2d outc;
    private readonly MaxPool2d pool = MaxPool2d(2);

    public UNetSkips()
        : base("unet")
    {
        inc = new DoubleConv(1, 4);
        down1 = new DoubleConv(4, 6);
        down2 = new DoubleConv(6, 8);
        up1 = new DoubleConv(8 + 6, 6);
        up2 = new DoubleConv(6 + 4, 4);
        outc = Conv2d(4, 2, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var x1 = inc.forward(x);
        var x2 = down1.forward(pool.forward(x1));
        var x3 = down2.forward(pool.forward(x2));
        var up = functional.interpolate(x3, scale_factor: [2, 2]);
        up = up1.forward(cat([up, x2], dim: 1));
        up = functional.interpolate(up, scale_factor: [2, 2]);
        up = up2.forward(cat([up, x1], dim: 1));
        return outc.forward(up);
    }

    private sealed class DoubleConv : Module<Tensor, Tensor>
    {
        private readonly Sequential net;

        public DoubleConv(long from, long to)
            : base("DoubleConv")
        {
            net = Sequential(
                ("conv1", Conv2d(from, to, 3, padding: 1)),
                ("relu1", ReLU()),
                ("conv2", Conv2d(to, to, 3, padding: 1)),
                ("relu2", ReLU()));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => net.forward(input);
    }
}

internal static partial class Samples
{
    public static CorpusCase UNetSkips => CorpusCase.Of(() => new UNetSkips(), n => randn(n, 1, 8, 8), n => randn(n, 2, 8, 8));
}
