using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A conditional discriminator: the label's embedding is laid over the image as a channel; in-place activations start the stages.</summary>
[Pipeline]
public sealed partial class GanDiscriminator : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding label_emb;
    [PipelineStage(0)] private readonly Conv2d first;
    [PipelineStage(1)] private readonly Sequential middle;
    [PipelineStage(2)] private readonly Sequential adv_layer;

    public GanDiscriminator()
        : base(nameof(GanDiscriminator))
    {
        label_emb = Embedding(3, 8 * 8);
        first = Conv2d(2, 4, 3, stride: 2, padding: 1);
        middle = Sequential(LeakyReLU(0.2, inplace: true), Conv2d(4, 6, 3, stride: 2, padding: 1));
        adv_layer = Sequential(LeakyReLU(0.2, inplace: true), Flatten(), Linear(6 * 2 * 2, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor img, Tensor labels)
    {
        var condition = label_emb.forward(labels).view(img.shape[0], 1, img.shape[2], img.shape[3]);
        var h = first.forward(cat(new[] { img, condition }, 1));
        h = middle.forward(h);
        var validity = adv_layer.forward(h);
        return validity.view(-1);
    }
}

internal static partial class Samples
{
    public static CorpusCase GanDiscriminator => CorpusCase.Of(
        () => new GanDiscriminator(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 1, 8, 8), randint(0, 3, [n])],
        n => rand(n),
        (r, y) => functional.mse_loss(r, y));
}
