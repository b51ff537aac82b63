using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A model around an inner one that is itself cut: a boundary of the whole lies inside the inner model.</summary>
[Pipeline]
public sealed partial class NestedPipelines : Module<Tensor, Tensor>
{
    [PipelineStages(1, 1)] private readonly InnerBackbone backbone = new();
    [PipelineStage(1)] private readonly Linear head = Linear(6, 3);

    public NestedPipelines()
        : base(nameof(NestedPipelines)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = backbone.forward(x);
        return head.forward(x);
    }
}

[Pipeline]
public sealed partial class InnerBackbone : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear down = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear up = Linear(6, 6);

    public InnerBackbone()
        : base(nameof(InnerBackbone)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = functional.relu(down.forward(x));
        return up.forward(h) + h;
    }
}

internal static partial class Samples
{
    public static CorpusCase NestedPipelines => CorpusCase.Of(() => new NestedPipelines(), n => randn(n, 4), n => randn(n, 3));
}
