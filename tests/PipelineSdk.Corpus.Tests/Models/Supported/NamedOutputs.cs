using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The result is a dictionary, filled over two stages, as detection models have it.</summary>
[Pipeline]
public sealed partial class NamedOutputs : Module<Tensor, Dictionary<string, Tensor>>
{
    [PipelineStage(0)] private readonly Linear body = Linear(6, 8);
    [PipelineStage(0)] private readonly Linear boxes = Linear(8, 4);
    [PipelineStage(1)] private readonly Linear neck = Linear(8, 8);
    [PipelineStage(1)] private readonly Linear classes = Linear(8, 3);

    public NamedOutputs()
        : base(nameof(NamedOutputs)) => RegisterComponents();

    public override Dictionary<string, Tensor> forward(Tensor x)
    {
        var outputs = new Dictionary<string, Tensor>(StringComparer.OrdinalIgnoreCase);
        x = body.forward(x).relu();
        outputs["Boxes"] = boxes.forward(x);
        x = neck.forward(x).relu();
        outputs["boxes"] = outputs["BOXES"] + x.mean();
        outputs["classes"] = classes.forward(x);
        outputs["score"] = outputs["classes"].square().mean();
        return outputs;
    }
}

internal static partial class Samples
{
    public static CorpusCase NamedOutputs => CorpusCase.Of(
        () => new NamedOutputs(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 6)],
        n => randn(n, 4),
        (result, target) => Losses.Mse(result["boxes"], target) + result["score"]);
}
