using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Branches and loops, each within a stage; the last stage returns from several places.</summary>
[Pipeline]
public sealed partial class ControlFlow : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Linear> blocks = ModuleList(Linear(4, 4), Linear(4, 4));
    [PipelineStage(1)] private readonly Linear? optional = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear? absent;
    [PipelineStage(2)] private readonly Linear head = Linear(4, 2);

    public ControlFlow()
        : base(nameof(ControlFlow))
    {
        absent = null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (var block in blocks)
        {
            x = functional.relu(block.forward(x));
        }

        for (var i = 0; i < blocks.Count; i++) x = blocks[i].forward(x);
        if (optional is not null)
        {
            for (var i = 0; i < 2; i++) x = optional.forward(x);
        }

        x = absent?.forward(x) ?? x;
        var y = head.forward(x);
        if (y.shape[0] > 100) return y;
        switch (y.shape[1])
        {
            case 2:
                return y * 2;
            default:
                return y;
        }
    }
}
