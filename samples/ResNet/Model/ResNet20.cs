using PipelineSdk;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace ResNet.Model;

/// <summary>
/// ResNet-20 for images of 32 x 32 pixels (He et al., 2016, section 4.2), cut into three stages: the stem with the first
/// stack, the second stack, the third stack with the head.
/// </summary>
[Pipeline]
public sealed partial class ResNet20 : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d stem;
    [PipelineStage(0)] private readonly BatchNorm2d norm;
    [PipelineStage(0)] private readonly Sequential stack1;
    [PipelineStage(1)] private readonly Sequential stack2;
    [PipelineStage(2)] private readonly Sequential stack3;
    [PipelineStage(2)] private readonly AdaptiveAvgPool2d pool;
    [PipelineStage(2)] private readonly Linear head;

    /// <param name="classes">How many classes to tell apart.</param>
    public ResNet20(int classes = 10)
        : base(nameof(ResNet20))
    {
        stem = Conv2d(3, 16, 3, padding: 1, bias: false);
        norm = BatchNorm2d(16);
        stack1 = Stack(16, 16, 1);
        stack2 = Stack(16, 32, 2);
        stack3 = Stack(32, 64, 2);
        pool = AdaptiveAvgPool2d(1);
        head = Linear(64, classes);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor images)
    {
        var x = functional.relu(norm.call(stem.call(images)));
        x = stack1.call(x);
        x = stack2.call(x);
        x = stack3.call(x);
        return head.call(pool.call(x).flatten(1));
    }

    private static Sequential Stack(int from, int to, int stride) => Sequential(
        new BasicBlock(from, to, stride), new BasicBlock(to, to, 1), new BasicBlock(to, to, 1));
}
