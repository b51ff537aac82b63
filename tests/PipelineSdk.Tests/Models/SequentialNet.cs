using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A body that is one Sequential, split by element counts.</summary>
[Pipeline]
public sealed partial class SequentialNet : Module<Tensor, Tensor>
{
    [PipelineStages(2, 1, 2, 2)]
    private readonly Sequential layers = Sequential(
        Linear(5, 8), ReLU(), Linear(8, 8), Tanh(), Linear(8, 6), ReLU(inplace: true), Linear(6, 2));

    public SequentialNet() : base(nameof(SequentialNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => layers.forward(x);
}
