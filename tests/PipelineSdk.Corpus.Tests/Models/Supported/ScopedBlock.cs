using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The whole body inside a using block, and the result moved out with the scope's own method.</summary>
[Pipeline]
public sealed partial class ScopedBlock : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear one = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear two = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear three = Linear(6, 2);

    public ScopedBlock()
        : base(nameof(ScopedBlock)) => RegisterComponents();

    public override Tensor forward(Tensor x, Tensor y)
    {
        using (var scope = NewDisposeScope())
        {
            x = functional.relu(one.forward(x + y));
            x = functional.relu(two.forward(x)) + x;
            x = three.forward(x);
            return scope.MoveToOuter(x);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase ScopedBlock => CorpusCase.Of(
        () => new ScopedBlock(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 4), randn(n, 4)],
        n => randn(n, 2),
        Losses.Mse);
}
