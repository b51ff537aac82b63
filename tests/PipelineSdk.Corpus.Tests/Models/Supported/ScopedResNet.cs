using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The whole body in a dispose scope, the result moved out of it at the end.</summary>
[Pipeline]
public sealed partial class ScopedResNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d conv1 = Conv2d(3, 4, 3, padding: 1);
    [PipelineStage(1)] private readonly Conv2d conv2 = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(2)] private readonly Linear fc = Linear(4, 3);

    public ScopedResNet()
        : base(nameof(ScopedResNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        x = functional.relu(conv1.forward(x));
        var residual = x;
        x = functional.relu(conv2.forward(x)) + residual;
        x = fc.forward(x.mean([2, 3]));
        return x.MoveToOuterDisposeScope();
    }
}

internal static partial class Samples
{
    public static CorpusCase ScopedResNet => CorpusCase.Of(
        () => new ScopedResNet(), n => randn(n, 3, 5, 5), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
