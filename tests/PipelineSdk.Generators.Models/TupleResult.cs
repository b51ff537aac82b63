using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Two heads: the result is a tuple.</summary>
[Pipeline]
public sealed partial class TupleResult : Module<Tensor, (Tensor Value, Tensor Advantage)>
{
    [PipelineStage(0)] private readonly Linear body = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear value = Linear(4, 1);
    [PipelineStage(1)] private readonly Linear advantage = Linear(4, 3);

    public TupleResult()
        : base(nameof(TupleResult)) => RegisterComponents();

    public override (Tensor Value, Tensor Advantage) forward(Tensor x)
    {
        var h = functional.relu(body.forward(x));
        return (value.forward(h), advantage.forward(h));
    }
}
