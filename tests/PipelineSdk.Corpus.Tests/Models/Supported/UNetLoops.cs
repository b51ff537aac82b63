using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>U-Net whose levels are lists: one loop fills the skips, another takes them backwards; both are split.</summary>
[Pipeline]
public sealed partial class UNetLoops : Module<Tensor, Tensor>
{
    [PipelineStages(1, 1)] private readonly ModuleList<Conv2d> downs;
    [PipelineStage(1)] private readonly Conv2d mid;
    [PipelineStages(1, 1, FirstStage = 2)] private readonly ModuleList<Conv2d> ups;
    [PipelineStage(3)] private readonly Conv2d last;

    public UNetLoops()
        : base(nameof(UNetLoops))
    {
        downs = ModuleList(Conv2d(1, 4, 3, padding: 1), Conv2d(4, 6, 3, padding: 1));
        mid = Conv2d(6, 6, 3, padding: 1);
        ups = ModuleList(Conv2d(12, 4, 3, padding: 1), Conv2d(8, 4, 3, padding: 1));
        last = Conv2d(4, 1, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var skips = new List<Tensor>();
        foreach (var down in downs)
        {
            x = functional.relu(down.forward(x));
            skips.Add(x);
            x = functional.max_pool2d(x, 2);
        }

        x = functional.relu(mid.forward(x));
        skips.Reverse();
        for (var i = 0; i < ups.Count; i++)
        {
            x = functional.interpolate(x, scale_factor: [2, 2]);
            x = functional.relu(ups[i].forward(cat([x, skips[i]], 1)));
        }

        return last.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase UNetLoops => CorpusCase.Of(() => new UNetLoops(), n => randn(n, 1, 8, 8), n => randn(n, 1, 8, 8));
}
