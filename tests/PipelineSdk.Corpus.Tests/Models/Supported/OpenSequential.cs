using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A body that is one Sequential, to be split as the partitioner decides.</summary>
[Pipeline]
public sealed partial class OpenSequential : Module<Tensor, Tensor>
{
    [PipelineStages] private readonly Sequential layers;

    public OpenSequential()
        : base(nameof(OpenSequential))
    {
        layers = Sequential(
            ("conv1", Conv2d(3, 4, 3)), ("relu1", ReLU()), ("pool", MaxPool2d(2)), ("flatten", Flatten()), ("fc", Linear(4 * 3 * 3, 3)));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => layers.forward(x);
}

internal static partial class Samples
{
    public static CorpusCase OpenSequential => CorpusCase.Of(
        () => new OpenSequential(), n => randn(n, 3, 8, 8), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
