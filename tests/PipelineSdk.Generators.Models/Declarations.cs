using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Several variables in one declaration, out variables, lambdas and casts between the stages.</summary>
[Pipeline]
public sealed partial class Declarations : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 4);

    public Declarations()
        : base(nameof(Declarations)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor a = first.forward(x), b = second.forward(a), c = a + b;
        Halve(c, out var half);
        long[] sizes = [.. x.shape.Select(size => size * 1)];
        var d = third.forward(View(sizes: sizes, value: half));
        d = (Tensor)d + (c = c * 2);
        return d + c;
    }

    private static Tensor View(Tensor value, long[] sizes) => value.view(sizes);

    private static void Halve(Tensor value, out Tensor half) => half = value * 0.5;
}
