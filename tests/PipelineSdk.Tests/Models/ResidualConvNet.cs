using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Convolutions with batch normalisation, skips across one and several cuts, and operators between the layers.</summary>
[Pipeline]
public sealed partial class ResidualConvNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d stem = Conv2d(2, 4, 3, padding: 1);
    [PipelineStage(0)] private readonly BatchNorm2d norm = BatchNorm2d(4);
    [PipelineStage(1)] private readonly Conv2d first = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(2)] private readonly Conv2d second = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(2)] private readonly BatchNorm2d norm2 = BatchNorm2d(4);
    [PipelineStage(3)] private readonly Linear head = Linear(4, 4);

    public ResidualConvNet() : base(nameof(ResidualConvNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(norm.forward(stem.forward(x)));
        var early = x;
        var h = first.forward(x) + x;
        h = functional.relu(h);
        h = norm2.forward(second.forward(h)) + early;
        var pooled = h.mean([2, 3]) + early.mean([2, 3]);
        return head.forward(pooled);
    }
}
