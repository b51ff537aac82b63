using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>A body that is one Sequential, split by elements.</summary>
[Pipeline]
public sealed partial class OnlySequential : Module<Tensor, Tensor>
{
    [PipelineStages(2, 1, 2)]
    private readonly Sequential layers = Sequential(Linear(4, 6), ReLU(), Linear(6, 6), ReLU(), Linear(6, 2));

    public OnlySequential()
        : base(nameof(OnlySequential)) => RegisterComponents();

    public override Tensor forward(Tensor x) => layers.forward(x);
}
