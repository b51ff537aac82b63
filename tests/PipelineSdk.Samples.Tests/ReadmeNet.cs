using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Samples.Tests;

[Pipeline]
public sealed partial class Net : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(64, 128);
    [PipelineStage(1)] private readonly Linear second = Linear(128, 128);
    [PipelineStage(2)] private readonly Linear third = Linear(128, 10);

    public Net()
        : base(nameof(Net)) => RegisterComponents();

    public override Tensor forward(Tensor x) =>
        third.call(functional.relu(second.call(functional.relu(first.call(x)))));
}
