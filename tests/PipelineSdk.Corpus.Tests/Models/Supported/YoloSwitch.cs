using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Layers of mixed kinds in one list, called by a switch on their type, with routes back to earlier results.</summary>
[Pipeline]
public sealed partial class YoloSwitch : Module<Tensor, Tensor>
{
    [PipelineStages(2, 2)] private readonly ModuleList<Module> model;
    [PipelineStage(1)] private readonly Conv2d detect = Conv2d(4, 2, 1);

    public YoloSwitch()
        : base(nameof(YoloSwitch))
    {
        model = new ModuleList<Module>(Conv2d(1, 4, 3, padding: 1), new Route(0), Conv2d(4, 4, 3, padding: 1), new Route(1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var outputs = new List<Tensor>();
        foreach (var module in model)
        {
            switch (module)
            {
                case Route route:
                    x = route.forward(x, outputs[route.From]);
                    break;
                case Module<Tensor, Tensor> layer:
                    x = functional.silu(layer.forward(x));
                    break;
                default:
                    throw new NotSupportedException(module.GetName());
            }

            outputs.Add(x);
        }

        return detect.forward(x);
    }

    private sealed class Route(int from) : Module<Tensor, Tensor, Tensor>(nameof(Route))
    {
        public int From { get; } = from;

        public override Tensor forward(Tensor x, Tensor other) => x + other;
    }
}

internal static partial class Samples
{
    public static CorpusCase YoloSwitch => CorpusCase.Of(() => new YoloSwitch(), n => randn(n, 1, 4, 4), n => randn(n, 2, 4, 4));
}
