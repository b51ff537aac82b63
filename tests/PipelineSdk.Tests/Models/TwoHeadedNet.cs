using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Two inputs, one of them needed whole by every micro-batch, and a tuple as result.</summary>
[Pipeline]
public sealed partial class TwoHeadedNet : Module<Tensor, Tensor, (Tensor Value, Tensor Advantage)>
{
    [PipelineStage(0)] private readonly Linear body = Linear(6, 8);
    [PipelineStage(1)] private readonly Linear value = Linear(8, 1);
    [PipelineStage(2)] private readonly Linear advantage = Linear(8, 3);

    public TwoHeadedNet() : base(nameof(TwoHeadedNet)) => RegisterComponents();

    public override (Tensor Value, Tensor Advantage) forward(Tensor state, Tensor mask)
    {
        var h = functional.relu(body.call(state)) * mask;
        var v = value.call(h);
        var a = advantage.call(h);
        return (v, a - a.mean([1], keepdim: true));
    }
}
