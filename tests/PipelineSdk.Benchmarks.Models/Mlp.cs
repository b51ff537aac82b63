using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>Layers of one width with ReLU between, <c>[batch, width]</c> to <c>[batch, width]</c>.</summary>
[Pipeline]
public sealed partial class Mlp : Module<Tensor, Tensor>
{
    private readonly Sequential layers;

    public Mlp(int count, int width)
        : base(nameof(Mlp))
    {
        layers = Sequential(Enumerable.Range(0, count).Select(i => ($"layer{i}", (Module<Tensor, Tensor>)Sequential(Linear(width, width), ReLU()))));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers.call(x);
}
