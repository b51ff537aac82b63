using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>U-Net whose skips wait in a list that is filled in one stage and emptied from its end in two others.</summary>
[Pipeline]
public sealed partial class UNetList : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Conv2d> downs;
    [PipelineStage(1)] private readonly Conv2d bottom;
    [PipelineStage(2)] private readonly Conv2d deepUp;
    [PipelineStage(3)] private readonly Conv2d shallowUp;
    [PipelineStage(3)] private readonly Conv2d final;

    public UNetList()
        : base(nameof(UNetList))
    {
        downs = ModuleList(Conv2d(2, 4, 3, padding: 1), Conv2d(4, 6, 3, padding: 1));
        bottom = Conv2d(6, 6, 3, padding: 1);
        deepUp = Conv2d(12, 4, 3, padding: 1);
        shallowUp = Conv2d(8, 4, 3, padding: 1);
        final = Conv2d(4, 1, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var skips = new List<Tensor>();
        foreach (var down in downs)
        {
            x = functional.silu(down.forward(x));
            skips.Add(x);
            x = functional.max_pool2d(x, 2);
        }

        x = functional.silu(bottom.forward(x));

        var skip = skips[^1];
        skips.RemoveAt(skips.Count - 1);
        x = functional.interpolate(x, size: [skip.shape[2], skip.shape[3]]);
        x = functional.silu(deepUp.forward(cat([x, skip], 1)));

        skip = skips[^1];
        skips.RemoveAt(skips.Count - 1);
        x = functional.interpolate(x, size: [skip.shape[2], skip.shape[3]]);
        x = functional.silu(shallowUp.forward(cat([x, skip], 1)));
        return final.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase UNetList => CorpusCase.Of(() => new UNetList(), n => randn(n, 2, 8, 8), n => randn(n, 1, 8, 8));
}
