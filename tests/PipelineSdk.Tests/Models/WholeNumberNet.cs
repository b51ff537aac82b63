using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Three linear stages with small whole numbers as weights: sums are exact in single precision, in whatever order.</summary>
[Pipeline]
public sealed partial class WholeNumberNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 5);
    [PipelineStage(1)] private readonly Linear b = Linear(5, 5);
    [PipelineStage(2)] private readonly Linear c = Linear(5, 3);

    public WholeNumberNet() : base(nameof(WholeNumberNet))
    {
        RegisterComponents();
        using var constant = no_grad();
        foreach (var parameter in parameters())
        {
            using var values = randint(-2, 3, parameter.shape);
            parameter.copy_(values);
        }
    }

    public override Tensor forward(Tensor x) => c.forward(b.forward(a.forward(x)));
}
