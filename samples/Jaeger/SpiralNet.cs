using PipelineSdk;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Jaeger;

/// <summary>Tells points of two spirals apart, in three stages: <c>[batch, 2]</c> to <c>[batch, 2]</c>.</summary>
[Pipeline]
internal sealed partial class SpiralNet : Module<Tensor, Tensor>
{
    private const int Width = 512;

    [PipelineStage(0)] private readonly Linear input = Linear(2, Width);
    [PipelineStage(0)] private readonly Linear first = Linear(Width, Width);
    [PipelineStage(1)] private readonly Linear second = Linear(Width, Width);
    [PipelineStage(2)] private readonly Linear output = Linear(Width, 2);

    public SpiralNet()
        : base(nameof(SpiralNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(input.call(x));
        x = functional.relu(first.call(x));
        x = functional.relu(second.call(x));
        return output.call(x);
    }
}
