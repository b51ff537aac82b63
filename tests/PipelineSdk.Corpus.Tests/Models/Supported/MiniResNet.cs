using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Residual network whose blocks are private nested classes, stages of blocks in Sequentials.</summary>
[Pipeline]
public sealed partial class MiniResNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d conv1;
    [PipelineStage(0)] private readonly BatchNorm2d bn1;
    [PipelineStage(0)] private readonly Sequential layer1;
    [PipelineStage(1)] private readonly Sequential layer2;
    [PipelineStage(2)] private readonly Sequential layer3;
    [PipelineStage(3)] private readonly Linear fc;

    public MiniResNet(int classes = 4)
        : base(nameof(MiniResNet))
    {
        conv1 = Conv2d(3, 4, kernel_size: 3, stride: 1, padding: 1, bias: false);
        bn1 = BatchNorm2d(4);
        layer1 = MakeLayer(4, 4, blocks: 2, stride: 1);
        layer2 = MakeLayer(4, 6, blocks: 1, stride: 2);
        layer3 = MakeLayer(6, 8, blocks: 1, stride: 2);
        fc = Linear(8, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(bn1.forward(conv1.forward(x)));
        x = layer1.forward(x);
        x = layer2.forward(x);
        x = layer3.forward(x);
        x = functional.adaptive_avg_pool2d(x, 1);
        x = x.flatten(1);
        return fc.forward(x);
    }

    private static Sequential MakeLayer(long from, long to, int blocks, long stride)
    {
        var modules = new List<Module<Tensor, Tensor>> { new BasicBlock(from, to, stride) };
        for (var i = 1; i < blocks; i++) modules.Add(new BasicBlock(to, to, 1));
        return Sequential(modules);
    }

    private sealed class BasicBlock : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv1;
        private readonly BatchNorm2d bn1;
        private readonly Conv2d conv2;
        private readonly BatchNorm2d bn2;
        private readonly Sequential? downsample;

        public BasicBlock(long from, long to, long stride)
            : base(nameof(BasicBlock))
        {
            conv1 = Conv2d(from, to, 3, stride: stride, padding: 1, bias: false);
            bn1 = BatchNorm2d(to);
            conv2 = Conv2d(to, to, 3, padding: 1, bias: false);
            bn2 = BatchNorm2d(to);
            if (stride != 1 || from != to) downsample = Sequential(Conv2d(from, to, 1, stride: stride, bias: false), BatchNorm2d(to));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var identity = downsample is null ? x : downsample.forward(x);
            using var h = functional.relu(bn1.forward(conv1.forward(x)));
            return functional.relu(bn2.forward(conv2.forward(h)) + identity);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase MiniResNet => CorpusCase.Of(
        () => new MiniResNet(), n => randn(n, 3, 8, 8), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
