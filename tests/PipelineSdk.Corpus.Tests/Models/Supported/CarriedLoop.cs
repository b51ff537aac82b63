using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A loop with two variables carried along and an index that decides, over a split list.</summary>
[Pipeline]
public sealed partial class CarriedLoop : Module<Tensor, Tensor>
{
    [PipelineStages(2, 2)] private readonly ModuleList<Linear> layers;
    [PipelineStage(1)] private readonly Linear head = Linear(6, 2);

    public CarriedLoop()
        : base(nameof(CarriedLoop))
    {
        layers = ModuleList(Linear(6, 6), Linear(6, 6), Linear(6, 6), Linear(6, 6));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var memory = zeros_like(x);
        var i = 0;
        foreach (var layer in layers)
        {
            var h = functional.relu(layer.forward(x));
            if (i % 2 == 1) memory = memory + h;
            x = x + h;
            i++;
        }

        return head.forward(x * memory);
    }
}

internal static partial class Samples
{
    public static CorpusCase CarriedLoop => CorpusCase.Of(() => new CarriedLoop(), n => randn(n, 6), n => randn(n, 2));
}
