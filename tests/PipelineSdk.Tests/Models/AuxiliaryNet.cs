using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Losses beside the main one: a penalty from the first stage, and an early exit of the second.</summary>
[Pipeline]
public sealed partial class AuxiliaryNet : Module<Tensor, (Tensor Output, Tensor Early, Tensor Penalty)>
{
    [PipelineStage(0)] private readonly Linear first = Linear(6, 8);
    [PipelineStage(1)] private readonly Linear second = Linear(8, 8);
    [PipelineStage(1)] private readonly Linear exit = Linear(8, 3);
    [PipelineStage(2)] private readonly Linear third = Linear(8, 8);
    [PipelineStage(3)] private readonly Linear fourth = Linear(8, 3);

    public AuxiliaryNet()
        : base(nameof(AuxiliaryNet)) => RegisterComponents();

    public override (Tensor Output, Tensor Early, Tensor Penalty) forward(Tensor x)
    {
        var h = functional.relu(first.call(x));
        var penalty = h.abs().mean();
        h = functional.relu(second.call(h));
        var early = exit.call(h);
        h = functional.relu(third.call(h));
        return (fourth.call(h), early, penalty);
    }
}
