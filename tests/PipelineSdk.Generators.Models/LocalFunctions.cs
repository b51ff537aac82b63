using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Constants and local functions that several stages use.</summary>
[Pipeline]
public sealed partial class LocalFunctions : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public LocalFunctions()
        : base(nameof(LocalFunctions)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        const double Half = 0.5;
        const double Quarter = Half / 2;
        var factor = x.shape[1];
        x = Scale(first.forward(x));
        x = Twice(x) * Quarter;
        return Scale(second.forward(x));

        Tensor Scale(Tensor value) => Twice(value) * Half * factor;

        static Tensor Twice(Tensor value) => value * 2;
    }
}
