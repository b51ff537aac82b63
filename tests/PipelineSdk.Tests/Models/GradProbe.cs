using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A layer that notes whether its inputs carried a graph, and hands them on.</summary>
internal sealed class GradProbe : Module<Tensor, Tensor>
{
    public GradProbe()
        : base(nameof(GradProbe))
    {
    }

    public List<bool> RequiredGrad { get; } = [];

    public override Tensor forward(Tensor x)
    {
        RequiredGrad.Add(x.requires_grad);
        return x.alias();
    }
}
