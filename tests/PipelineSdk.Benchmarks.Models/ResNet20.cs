using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>ResNet-20 (He et al., 2016) for images <c>[batch, 3, 32, 32]</c>, to be cut at any block.</summary>
[Pipeline]
public sealed partial class ResNet20 : Module<Tensor, Tensor>
{
    private readonly Sequential stem;
    private readonly Sequential blocks;
    private readonly Sequential head;

    public ResNet20()
        : base(nameof(ResNet20))
    {
        stem = Sequential(Conv2d(3, 16, 3, padding: 1, bias: false), BatchNorm2d(16), ReLU());
        blocks = Sequential(
            new ResidualBlock(16, 16, 1), new ResidualBlock(16, 16, 1), new ResidualBlock(16, 16, 1),
            new ResidualBlock(16, 32, 2), new ResidualBlock(32, 32, 1), new ResidualBlock(32, 32, 1),
            new ResidualBlock(32, 64, 2), new ResidualBlock(64, 64, 1), new ResidualBlock(64, 64, 1));
        head = Sequential(AdaptiveAvgPool2d(1), Flatten(), Linear(64, 10));
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        var x = stem.call(images);
        x = blocks.call(x);
        return head.call(x);
    }
}
