using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Shapes read early and used late, tuples of tensors, deconstruction and discards across cuts.</summary>
[Pipeline]
public sealed partial class ScalarsAndTuples : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 4);

    public ScalarsAndTuples()
        : base(nameof(ScalarsAndTuples)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        long batch = x.shape[0], width = x.shape[1];
        (long Rows, bool Wide) shape = (batch, width > 2);
        var pair = (Hidden: first.forward(x), Twice: x * 2);
        var (a, _) = (second.forward(pair.Hidden), 0);
        Tensor late;
        if (shape.Wide) late = a + pair.Twice;
        else late = a;
        return third.forward(late).view(batch, -1) * shape.Rows;
    }
}
