using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>Two 3x3 convolutions and a shortcut around them.</summary>
public sealed class ResidualBlock : Module<Tensor, Tensor>
{
    private readonly Conv2d conv1;
    private readonly BatchNorm2d norm1;
    private readonly Conv2d conv2;
    private readonly BatchNorm2d norm2;
    private readonly Sequential? shortcut;

    public ResidualBlock(int from, int to, int stride)
        : base(nameof(ResidualBlock))
    {
        conv1 = Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
        norm1 = BatchNorm2d(to);
        conv2 = Conv2d(to, to, 3, padding: 1, bias: false);
        norm2 = BatchNorm2d(to);
        if (from != to) shortcut = Sequential(Conv2d(from, to, 1, stride: stride, bias: false), BatchNorm2d(to));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        var x = functional.relu(norm1.call(conv1.call(input)));
        x = norm2.call(conv2.call(x));
        return functional.relu(x + (shortcut is null ? input : shortcut.call(input)));
    }
}
