using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>A residual inside a stage, one between neighbours, and one that passes through two stages unused.</summary>
[Pipeline]
internal sealed partial class LongSkip : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear stem = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear left = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear right = Linear(4, 4);
    [PipelineStage(3)] private readonly Linear head = Linear(4, 2);

    public LongSkip()
        : base(nameof(LongSkip)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var skip = stem.forward(x);
        var inner = skip + functional.relu(skip);
        var near = left.forward(inner);
        near = near + inner;
        var far = right.forward(near) + near;
        return head.forward(far + skip);
    }
}
