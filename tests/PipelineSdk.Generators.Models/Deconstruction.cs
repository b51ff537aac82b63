using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Tuples built from layers of two stages, compound assignments, discards, and local functions that call layers.</summary>
[Pipeline]
public sealed partial class Deconstruction : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 4);
    private readonly Parameter unplaced = new(torch.ones(4));

    public Deconstruction()
        : base(nameof(Deconstruction)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        (var a, x) = (first.forward(x), Block(x) * 2);
        _ = x.shape;
        x += second.forward(a) * unplaced;
        Tensor last;
        var factor = 2;
        if (x.shape[0] > 1) factor *= 3;
        last = third.forward(x) * factor++;
        return factor > 6 ? last : throw new InvalidOperationException("not reached");

        Tensor Block(Tensor value) => functional.relu(second.forward(value));
    }
}
