namespace ResNet.Data;

/// <summary>
/// Images of ten classes that a small network can learn: striped patterns, each class with its own direction, width and
/// tint, at a random place and under noise. For machines without CIFAR-10 and without a network.
/// </summary>
internal static class SyntheticImages
{
    public static DataSet Create(int train, int test, int seed, string reason) => new(
        Make(train, new Random(seed)), Make(test, new Random(seed + 1)),
        $"ten classes of striped images made here, because {reason}: accuracies say nothing about CIFAR-10", Synthetic: true);

    private static ImageSet Make(int count, Random random)
    {
        var pixels = new byte[count * ImageSet.PixelsPerImage];
        var labels = new byte[count];
        for (int image = 0; image < count; image++)
        {
            labels[image] = (byte)(image % ImageSet.Classes);
            Draw(pixels.AsSpan(image * ImageSet.PixelsPerImage, ImageSet.PixelsPerImage), labels[image], random);
        }

        return new ImageSet(pixels, labels);
    }

    private static void Draw(Span<byte> image, int label, Random random)
    {
        double angle = Math.PI * (label % 5) / 5;
        double waves = label < 5 ? 2.5 : 5;
        double phase = random.NextDouble() * 2 * Math.PI;
        double across = Math.Cos(angle) * waves * 2 * Math.PI / ImageSet.Side;
        double down = Math.Sin(angle) * waves * 2 * Math.PI / ImageSet.Side;
        int pixel = 0;
        for (int channel = 0; channel < ImageSet.Channels; channel++)
        {
            double tint = 0.6 + (0.4 * Math.Cos((2 * Math.PI * label / ImageSet.Classes) + channel));
            for (int y = 0; y < ImageSet.Side; y++)
            {
                for (int x = 0; x < ImageSet.Side; x++)
                {
                    double stripe = Math.Sin((across * x) + (down * y) + phase);
                    double noise = 70 * (random.NextDouble() - 0.5);
                    image[pixel++] = (byte)Math.Clamp(128 + (80 * tint * stripe) + noise, 0, 255);
                }
            }
        }
    }
}
