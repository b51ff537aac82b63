using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Pooling indices (integers) cross to the decoder, which puts the values back where they were.</summary>
[Pipeline]
public sealed partial class SegNetIndices : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d enc1 = Conv2d(2, 4, 3, padding: 1);
    [PipelineStage(1)] private readonly Conv2d enc2 = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(2)] private readonly Conv2d dec2 = Conv2d(4, 4, 3, padding: 1);
    [PipelineStage(3)] private readonly Conv2d dec1 = Conv2d(4, 3, 3, padding: 1);

    public SegNetIndices()
        : base(nameof(SegNetIndices)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var (p1, i1) = Pool(functional.relu(enc1.forward(x)));
        var (p2, i2) = Pool(functional.relu(enc2.forward(p1)));
        var y = functional.relu(dec2.forward(Unpool(p2, i2)));
        return dec1.forward(Unpool(y, indices: i1));
    }

    private static (Tensor Values, Tensor Indices) Pool(Tensor x) => functional.max_pool2d_with_indices(x, [2, 2], strides: [2, 2]);

    private static Tensor Unpool(Tensor values, Tensor indices)
    {
        var (b, c, h, w) = (values.shape[0], values.shape[1], values.shape[2], values.shape[3]);
        var empty = zeros(b, c, 4 * h * w, device: values.device);
        return empty.scatter(2, indices.view(b, c, -1), values.view(b, c, -1)).view(b, c, 2 * h, 2 * w);
    }
}

internal static partial class Samples
{
    public static CorpusCase SegNetIndices => CorpusCase.Of(
        () => new SegNetIndices(), n => randn(n, 2, 8, 8), n => randint(0, 3, [n, 8, 8]), Losses.CrossEntropy);
}
