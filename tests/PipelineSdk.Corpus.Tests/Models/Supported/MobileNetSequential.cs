using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The whole network is one Sequential of inverted residuals, split by number of elements.</summary>
[Pipeline]
public sealed partial class MobileNetSequential : Module<Tensor, Tensor>
{
    [PipelineStages(2, 2, 1, 3)]
    private readonly Sequential layers;

    public MobileNetSequential()
        : base("MobileNet")
    {
        var modules = new List<(string, Module<Tensor, Tensor>)>
        {
            ("conv2d-first", Conv2d(3, 4, kernel_size: 3, stride: 1, padding: 1, bias: false)),
            ("bnrm2d-first", BatchNorm2d(4)),
            ("relu-first", ReLU()),
            ("block-1", new InvertedResidual(4, 4, expand: 2, stride: 1)),
            ("block-2", new InvertedResidual(4, 6, expand: 2, stride: 2)),
            ("avgpool", AdaptiveAvgPool2d([1, 1])),
            ("flatten", Flatten()),
            ("linear", Linear(6, 4)),
        };
        layers = Sequential(modules);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        return layers.forward(input);
    }

    private sealed class InvertedResidual : Module<Tensor, Tensor>
    {
        private readonly Sequential conv;
        private readonly bool useShortcut;

        public InvertedResidual(long from, long to, long expand, long stride)
            : base(nameof(InvertedResidual))
        {
            useShortcut = stride == 1 && from == to;
            conv = Sequential(
                Conv2d(from, from * expand, 1, bias: false), BatchNorm2d(from * expand), ReLU(),
                Conv2d(from * expand, from * expand, 3, stride: stride, padding: 1, groups: from * expand, bias: false), ReLU(),
                Conv2d(from * expand, to, 1, bias: false), BatchNorm2d(to));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => useShortcut ? x + conv.forward(x) : conv.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase MobileNetSequential => CorpusCase.Of(
        () => new MobileNetSequential(), n => randn(n, 3, 8, 8), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
