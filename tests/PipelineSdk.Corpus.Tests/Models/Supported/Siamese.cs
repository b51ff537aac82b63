using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Both inputs go through one tower, twice in the same stage; the distance is weighed in the next.</summary>
[Pipeline]
public sealed partial class Siamese : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Sequential tower;
    [PipelineStage(1)] private readonly Linear projection;
    [PipelineStage(2)] private readonly Linear similarity;

    public Siamese()
        : base(nameof(Siamese))
    {
        tower = Sequential(Conv2d(1, 3, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(12, 6));
        projection = Linear(6, 5);
        similarity = Linear(5, 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor left, Tensor right)
    {
        var (a, b) = (tower.forward(left), tower.forward(right));
        (a, b) = (projection.forward(a).tanh(), projection.forward(b).tanh());
        return similarity.forward((a - b).abs()).squeeze(-1);
    }
}

internal static partial class Samples
{
    public static CorpusCase Siamese => CorpusCase.Of(
        () => new Siamese(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 1, 6, 6), randn(n, 1, 6, 6)],
        n => randint(0, 2, [n]).to(float32),
        (r, y) => functional.binary_cross_entropy_with_logits(r, y));
}
