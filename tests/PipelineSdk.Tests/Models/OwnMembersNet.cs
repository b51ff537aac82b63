using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A parameter and a buffer of the model itself, used by the second stage.</summary>
[Pipeline]
public sealed partial class OwnMembersNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] internal readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] internal readonly Parameter scale = new(ones(4));
    [PipelineStage(1)] internal readonly Tensor shift = zeros(4);
    [PipelineStage(1)] internal readonly Linear second = Linear(4, 2);

    public OwnMembersNet()
        : base(nameof(OwnMembersNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = first.call(x);
        h = (h * scale) + shift;
        return second.call(h);
    }
}
