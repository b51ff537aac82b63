using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Straight line, a reassigned parameter, <c>call</c> and <c>forward</c>, <c>this.</c>, functional calls between.</summary>
[Pipeline]
public sealed partial class Chain : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear second = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear third = Linear(6, 3);

    public Chain()
        : base(nameof(Chain)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = this.first.forward(x);
        x = functional.relu(x);
        x = second.call(x).relu();
        x = functional.relu(x);
        return this.third.call(x);
    }
}
