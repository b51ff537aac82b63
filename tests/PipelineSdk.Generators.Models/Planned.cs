using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>No attribute names a stage: Planned.pipeline.json does, between elements too.</summary>
[Pipeline(MicroBatches = 4)]
public sealed partial class Planned : Module<Tensor, Tensor>
{
    private readonly Linear stem = Linear(4, 4);
    private readonly ModuleList<Linear> blocks = ModuleList(Linear(4, 4), Linear(4, 4), Linear(4, 4));
    private readonly Sequential tail = Sequential(Linear(4, 4), ReLU());
    private readonly Linear head = Linear(4, 2);

    public Planned()
        : base(nameof(Planned)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(stem.forward(x));
        var first = x;
        foreach (var block in blocks)
        {
            x = functional.relu(block.forward(x)) + first;
        }

        x = x * 2;
        x = tail.forward(x);
        return head.forward(x);
    }
}
