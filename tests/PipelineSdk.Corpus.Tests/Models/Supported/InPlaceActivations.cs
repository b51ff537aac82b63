using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Every stage begins with an in-place operation on what it received, which also goes on to the next.</summary>
[Pipeline]
public sealed partial class InPlaceActivations : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 6);
    [PipelineStage(1)] private readonly ReLU relu = ReLU(inplace: true);
    [PipelineStage(1)] private readonly Linear b = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear c = Linear(6, 6);
    [PipelineStage(3)] private readonly Linear d = Linear(6, 2);

    public InPlaceActivations()
        : base(nameof(InPlaceActivations)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = a.forward(x);
        x = b.forward(relu.forward(x));
        x.add_(1).mul_(0.5);
        var y = c.forward(x);
        y.tanh_();
        return d.forward(x + y);
    }
}

internal static partial class Samples
{
    public static CorpusCase InPlaceActivations => CorpusCase.Of(() => new InPlaceActivations(), n => randn(n, 4), n => randn(n, 2));
}
