using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Features of several levels in a dictionary, read by name in the head's stage.</summary>
[Pipeline]
public sealed partial class FeatureDictionary : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d c1 = Conv2d(1, 4, 3, padding: 1);
    [PipelineStage(0)] private readonly Conv2d c2 = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(1)] private readonly Conv2d head = Conv2d(8, 2, 1);

    public FeatureDictionary()
        : base(nameof(FeatureDictionary)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var features = new Dictionary<string, Tensor>();
        features["low"] = c1.forward(x).relu();
        features["high"] = c2.forward(features["low"]).relu();
        return head.forward(cat([features["low"], features["high"]], 1));
    }
}

internal static partial class Samples
{
    public static CorpusCase FeatureDictionary => CorpusCase.Of(() => new FeatureDictionary(), n => randn(n, 1, 5, 5), n => randn(n, 2, 5, 5));
}
