using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Parameters and buffers of the model itself, pinned like modules.</summary>
[Pipeline]
public sealed partial class OwnParameters : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear body = Linear(4, 4);
    [PipelineStage(0)] private readonly Parameter scale = new(torch.ones(4));
    [PipelineStage(1)] private readonly Parameter shift = new(torch.zeros(4));
    [PipelineStage(1)] private readonly Tensor mask = torch.ones(4);

    public OwnParameters()
        : base(nameof(OwnParameters)) => RegisterComponents();

    public override Tensor forward(Tensor x) => ((scale * body.forward(x)) + shift) * mask;
}
