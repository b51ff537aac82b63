using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Points through shared layers, their maximum, and global features joined with local ones again.</summary>
[Pipeline]
public sealed partial class PointNet : Module<Tensor, (Tensor Classes, Tensor Parts)>
{
    [PipelineStage(0)] private readonly Conv1d local;
    [PipelineStage(1)] private readonly Conv1d wide;
    [PipelineStage(2)] private readonly Linear cls;
    [PipelineStage(3)] private readonly Conv1d seg;

    public PointNet()
        : base(nameof(PointNet))
    {
        local = Conv1d(3, 4, 1);
        wide = Conv1d(4, 6, 1);
        cls = Linear(6, 3);
        seg = Conv1d(4 + 6, 2, 1);
        RegisterComponents();
    }

    public override (Tensor Classes, Tensor Parts) forward(Tensor points)
    {
        var x = functional.relu(local.forward(points));
        var features = x;
        x = functional.relu(wide.forward(x));
        var global = x.amax([2]);
        var classes = cls.forward(global);
        x = cat([features, global.unsqueeze(2).expand(-1, -1, points.shape[2])], 1);
        return (classes, seg.forward(x));
    }
}

internal static partial class Samples
{
    public static CorpusCase PointNet => CorpusCase.Of(
        () => new PointNet(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 3, 7)],
        n => randint(0, 3, [n]),
        (r, y) => functional.cross_entropy(r.Classes, y) + r.Parts.pow(2).mean());
}
