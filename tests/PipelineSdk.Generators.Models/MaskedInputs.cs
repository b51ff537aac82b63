using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Two inputs of which one may be null and is needed late; a scalar beside them.</summary>
[Pipeline]
public sealed partial class MaskedInputs : Module<Tensor, Tensor?, double, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public MaskedInputs()
        : base(nameof(MaskedInputs)) => RegisterComponents();

    public override Tensor forward(Tensor x, Tensor? mask, double scale)
    {
        var h = first.forward(x);
        var hidden = second.forward(h) * scale;
        if (mask is not null)
        {
            hidden = hidden * mask;
        }

        return hidden;
    }
}
