using PipelineSdk;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

/// <summary>A model without a namespace.</summary>
[Pipeline]
public sealed partial class GlobalModel : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public GlobalModel()
        : base(nameof(GlobalModel)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = first.forward(x);
        return second.forward(h);
    }
}
