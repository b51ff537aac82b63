using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Channel gates computed from pooled features scale what waits beside them.</summary>
[Pipeline]
public sealed partial class SqueezeExcite : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d stem = Conv2d(2, 6, 3, padding: 1);
    [PipelineStage(1)] private readonly Conv2d fc1 = Conv2d(6, 2, 1);
    [PipelineStage(1)] private readonly Conv2d fc2 = Conv2d(2, 6, 1);
    [PipelineStage(2)] private readonly Conv2d project = Conv2d(6, 3, 1);
    private readonly AdaptiveAvgPool2d avgpool = AdaptiveAvgPool2d(1);
    private readonly SiLU activation = SiLU();
    private readonly Sigmoid scale_activation = Sigmoid();

    public SqueezeExcite()
        : base(nameof(SqueezeExcite)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        input = activation.forward(stem.forward(input));
        var scale = avgpool.forward(input);
        scale = scale_activation.forward(fc2.forward(activation.forward(fc1.forward(scale))));
        return avgpool.forward(project.forward(scale * input)).flatten(1);
    }
}

internal static partial class Samples
{
    public static CorpusCase SqueezeExcite => CorpusCase.Of(
        () => new SqueezeExcite(), n => randn(n, 2, 5, 5), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
