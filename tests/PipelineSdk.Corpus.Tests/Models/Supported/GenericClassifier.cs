using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A generic model in a partial container: any backbone, with a head that is told the width.</summary>
public static partial class Zoo
{
    [Pipeline]
    public partial class GenericClassifier<TBackbone> : Module<Tensor, Tensor>
        where TBackbone : Module<Tensor, Tensor>, new()
    {
        [PipelineStage(0)] protected readonly TBackbone backbone = new();
        [PipelineStage(1)] private readonly Linear neck;
        [PipelineStage(2)] private readonly Linear head;

        public GenericClassifier(long features, long classes)
            : base("GenericClassifier")
        {
            neck = Linear(features, features);
            head = Linear(features, classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            var features = backbone.call(x);
            features = functional.elu(neck.call(features), alpha: 1.0);
            return head.call(features);
        }
    }

    public sealed class TinyBackbone : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = Conv2d(1, 5, 3);

        public TinyBackbone()
            : base(nameof(TinyBackbone)) => RegisterComponents();

        public override Tensor forward(Tensor x) => conv.forward(x).relu().mean([2, 3]);
    }
}

internal static partial class Samples
{
    public static CorpusCase GenericClassifier => CorpusCase.Of(
        () => new Zoo.GenericClassifier<Zoo.TinyBackbone>(5, 3), n => randn(n, 1, 5, 5), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
