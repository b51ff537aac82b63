using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Encoder and decoder are Sequentials, each split; the last part of the one shares a stage with the first of the other.</summary>
[Pipeline]
public sealed partial class ConvAutoencoder : Module<Tensor, Tensor>
{
    [PipelineStages(2, 2)]
    private readonly Sequential encoder = Sequential(
        Conv2d(1, 4, 3, stride: 2, padding: 1), ReLU(), Conv2d(4, 6, 3, stride: 2, padding: 1), ReLU());

    [PipelineStages(2, 3, FirstStage = 1)]
    private readonly Sequential decoder = Sequential(
        Upsample(scale_factor: [2, 2]), Conv2d(6, 4, 3, padding: 1), ReLU(), Upsample(scale_factor: [2, 2]), Conv2d(4, 1, 3, padding: 1));

    public ConvAutoencoder()
        : base(nameof(ConvAutoencoder)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var code = encoder.forward(x);
        return sigmoid(decoder.forward(code));
    }
}

internal static partial class Samples
{
    public static CorpusCase ConvAutoencoder => CorpusCase.Of(() => new ConvAutoencoder(), n => rand(n, 1, 8, 8), n => rand(n, 1, 8, 8));
}
