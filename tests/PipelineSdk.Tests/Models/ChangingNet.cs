using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Stages that change what they receive: a mask of whole numbers, a list and activations; and a buffer that counts.</summary>
[Pipeline]
public sealed partial class ChangingNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(1)] internal readonly Tensor count = zeros(1);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 4);

    public ChangingNet()
        : base(nameof(ChangingNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = first.call(x);
        var mask = (x > 0).to(ScalarType.Int64);
        var seen = new List<Tensor> { h };

        h.tanh_();
        h = second.call(h) * mask.to(ScalarType.Float32);
        mask.add_(1);
        count.add_(1);
        h = h / count.detach().clone();
        seen.Add(h);

        h = third.call(h.relu_()) * mask.to(ScalarType.Float32);
        mask.mul_(2);
        foreach (var value in seen) h = h + value;
        return h * mask.to(ScalarType.Float32);
    }
}
