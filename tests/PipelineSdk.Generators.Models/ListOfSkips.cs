using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>A list of tensors filled in one stage and read backwards in another.</summary>
[Pipeline]
public sealed partial class ListOfSkips : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Linear> down = ModuleList(Linear(4, 4), Linear(4, 4));
    [PipelineStage(1)] private readonly Linear middle = Linear(4, 4);
    [PipelineStage(2)] private readonly ModuleList<Linear> up = ModuleList(Linear(4, 4), Linear(4, 4));

    public ListOfSkips()
        : base(nameof(ListOfSkips)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var skips = new List<Tensor>();
        foreach (var block in down)
        {
            x = functional.relu(block.forward(x));
            skips.Add(x);
        }

        x = middle.forward(x);
        for (var i = 0; i < up.Count; i++)
        {
            x = up[i].forward(x + skips[skips.Count - 1 - i]);
        }

        return x;
    }
}
