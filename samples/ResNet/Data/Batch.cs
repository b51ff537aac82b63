using TorchSharp;
using static TorchSharp.torch;

namespace ResNet.Data;

/// <summary>Images and labels as tensors: <c>[n, 3, 32, 32]</c> of float32, normalised per channel, and <c>[n]</c> of int64.</summary>
internal sealed record Batch(Tensor Images, Tensor Labels) : IDisposable
{
    // Mean and standard deviation of CIFAR-10's training pixels, per channel.
    private static readonly float[] Mean = [0.4914f, 0.4822f, 0.4465f];
    private static readonly float[] Deviation = [0.2470f, 0.2435f, 0.2616f];

    public int Count => (int)Labels.shape[0];

    public static Batch Of(ImageSet set, IReadOnlyList<int> indices)
    {
        const int Plane = ImageSet.Side * ImageSet.Side;
        var values = new float[indices.Count * ImageSet.PixelsPerImage];
        var labels = new long[indices.Count];
        for (int i = 0; i < indices.Count; i++)
        {
            labels[i] = set.Labels[indices[i]];
            var image = set.Image(indices[i]);
            var to = values.AsSpan(i * ImageSet.PixelsPerImage, ImageSet.PixelsPerImage);
            for (int pixel = 0; pixel < image.Length; pixel++)
            {
                to[pixel] = ((image[pixel] / 255f) - Mean[pixel / Plane]) / Deviation[pixel / Plane];
            }
        }

        return new Batch(
            torch.tensor(values, [indices.Count, ImageSet.Channels, ImageSet.Side, ImageSet.Side]), torch.tensor(labels));
    }

    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
