using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Helper methods and computed properties stand for the members they use.</summary>
[Pipeline]
public sealed partial class Helpers : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public Helpers()
        : base(nameof(Helpers)) => RegisterComponents();

    private Linear Second => second;

    public override Tensor forward(Tensor x)
    {
        x = Stem(x);
        return Second.forward(x);
    }

    private Tensor Stem(Tensor x) => Activate(first.forward(x));

    private Tensor Activate(Tensor x) => training ? functional.relu(x) : functional.relu(x) + 0;
}
