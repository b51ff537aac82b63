using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>Stages that do nothing: what is left is the pipeline's own cost.</summary>
[Pipeline]
public sealed partial class Trivial : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public Trivial(int count)
        : base(nameof(Trivial))
    {
        layers = Sequential(Enumerable.Range(0, count).Select(i => ($"layer{i}", (Module<Tensor, Tensor>)Identity())));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers.call(x);
}
