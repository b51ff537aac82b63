using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The result is a list: a feature map for every level.</summary>
[Pipeline]
public sealed partial class FeaturePyramid : Module<Tensor, List<Tensor>>
{
    [PipelineStage(0)] private readonly Conv2d c1 = Conv2d(1, 4, 3, padding: 1);
    [PipelineStage(1)] private readonly Conv2d c2 = Conv2d(4, 6, 3, stride: 2, padding: 1);
    [PipelineStage(2)] private readonly Conv2d c3 = Conv2d(6, 8, 3, stride: 2, padding: 1);
    [PipelineStage(3)] private readonly ModuleList<Conv2d> heads = ModuleList(Conv2d(4, 2, 1), Conv2d(6, 2, 1), Conv2d(8, 2, 1));

    public FeaturePyramid()
        : base(nameof(FeaturePyramid)) => RegisterComponents();

    public override List<Tensor> forward(Tensor x)
    {
        var levels = new List<Tensor>();
        x = c1.forward(x).relu();
        levels.Add(x);
        x = c2.forward(x).relu();
        levels.Add(x);
        x = c3.forward(x).relu();
        levels.Add(x);
        return levels.Select((level, i) => heads[i].forward(level)).ToList();
    }
}

internal static partial class Samples
{
    public static CorpusCase FeaturePyramid => CorpusCase.Of(
        () => new FeaturePyramid(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 1, 8, 8)],
        n => randn(n, 2, 8, 8),
        (result, target) => Losses.Mse(result[0], target) + result[1].square().mean() + result[2].square().mean());
}
