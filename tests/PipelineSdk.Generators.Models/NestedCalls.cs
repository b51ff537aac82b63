using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>One expression through three stages.</summary>
[Pipeline]
public partial class NestedCalls : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear body = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear neck = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear head = Linear(6, 2);

    public NestedCalls()
        : base(nameof(NestedCalls)) => RegisterComponents();

    public override Tensor forward(Tensor x) => head.forward(functional.relu(neck.forward(functional.relu(body.forward(x)).flatten(1)))) * 2;
}
