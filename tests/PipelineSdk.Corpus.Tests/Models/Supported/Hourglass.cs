using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Modules that nest themselves, and a prediction of the first stack fed back into the second.</summary>
[Pipeline]
public sealed partial class Hourglass : Module<Tensor, (Tensor First, Tensor Second)>
{
    [PipelineStage(0)] private readonly Conv2d pre = Conv2d(1, 4, 3, padding: 1);
    [PipelineStage(0)] private readonly Level hourglass1 = new(depth: 2, width: 4);
    [PipelineStage(1)] private readonly Conv2d out1 = Conv2d(4, 2, 1);
    [PipelineStage(1)] private readonly Conv2d merge = Conv2d(2, 4, 1);
    [PipelineStage(2)] private readonly Level hourglass2 = new(depth: 1, width: 4);
    [PipelineStage(2)] private readonly Conv2d out2 = Conv2d(4, 2, 1);

    public Hourglass()
        : base(nameof(Hourglass)) => RegisterComponents();

    public override (Tensor First, Tensor Second) forward(Tensor x)
    {
        x = pre.forward(x);
        var stack1 = hourglass1.forward(x);
        var first = out1.forward(stack1);
        x = x + stack1 + merge.forward(first);
        var second = out2.forward(hourglass2.forward(x));
        return (first, second);
    }

    private sealed class Level : Module<Tensor, Tensor>
    {
        private readonly Conv2d up;
        private readonly Conv2d low;
        private readonly Level? inner;

        public Level(int depth, long width)
            : base(nameof(Level))
        {
            up = Conv2d(width, width, 3, padding: 1);
            low = Conv2d(width, width, 3, padding: 1);
            inner = depth > 1 ? new Level(depth - 1, width) : null;
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var above = up.forward(x).relu();
            var below = low.forward(functional.max_pool2d(x, 2)).relu();
            if (inner is { } level) below = level.forward(below);
            return above + functional.interpolate(below, scale_factor: [2, 2]);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase Hourglass => CorpusCase.Of(
        () => new Hourglass(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 1, 8, 8)],
        n => randn(n, 2, 8, 8),
        (r, y) => Losses.Mse(r.First, y) + Losses.Mse(r.Second, y));
}
