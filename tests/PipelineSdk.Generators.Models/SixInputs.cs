using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>As many inputs as TorchSharp allows, of several kinds.</summary>
[Pipeline]
public sealed partial class SixInputs : Module<Tensor, Tensor, (Tensor Key, Tensor Value), long, string, bool, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public SixInputs()
        : base(nameof(SixInputs)) => RegisterComponents();

    public override Tensor forward(Tensor x, Tensor y, (Tensor Key, Tensor Value) cache, long count, string name, bool flag)
    {
        var h = first.forward(x + y) * count;
        return second.forward(h + cache.Key) + (flag ? cache.Value : y) * name.Length;
    }
}
