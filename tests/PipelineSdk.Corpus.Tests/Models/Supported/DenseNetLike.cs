using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Dense blocks that keep their own list of features; transitions halve the size.</summary>
[Pipeline]
public sealed partial class DenseNetLike : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d conv0;
    [PipelineStage(0)] private readonly DenseBlock block1;
    [PipelineStage(1)] private readonly Sequential transition1;
    [PipelineStage(1)] private readonly DenseBlock block2;
    [PipelineStage(2)] private readonly BatchNorm2d norm5;
    [PipelineStage(2)] private readonly Linear classifier;

    public DenseNetLike(int growth = 3)
        : base(nameof(DenseNetLike))
    {
        conv0 = Conv2d(3, 4, 3, padding: 1, bias: false);
        block1 = new DenseBlock(4, growth, layers: 2);
        transition1 = Sequential(BatchNorm2d(4 + 2 * growth), ReLU(), Conv2d(4 + 2 * growth, 5, 1, bias: false), AvgPool2d(2));
        block2 = new DenseBlock(5, growth, layers: 3);
        norm5 = BatchNorm2d(5 + 3 * growth);
        classifier = Linear(5 + 3 * growth, 4);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var features = block1.forward(conv0.forward(x));
        features = block2.forward(transition1.forward(features));
        var @out = functional.relu(norm5.forward(features), inplace: true);
        @out = functional.adaptive_avg_pool2d(@out, (1, 1)).flatten(1);
        return classifier.forward(@out);
    }

    private sealed class DenseBlock : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Sequential> layers;

        public DenseBlock(long features, long growth, int layers)
            : base(nameof(DenseBlock))
        {
            this.layers = new ModuleList<Sequential>();
            for (var i = 0; i < layers; i++)
            {
                var width = features + i * growth;
                this.layers.append(Sequential(BatchNorm2d(width), ReLU(inplace: true), Conv2d(width, growth, 3, padding: 1, bias: false)));
            }

            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var features = new List<Tensor> { input };
            foreach (var layer in layers) features.Add(layer.forward(cat(features, 1)));
            return cat(features, 1);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase DenseNetLike => CorpusCase.Of(
        () => new DenseNetLike(), n => randn(n, 3, 8, 8), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
