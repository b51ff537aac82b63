using ResNet.Data;

namespace PipelineSdk.Samples.Tests;

public sealed class ImageSetTests
{
    [Fact]
    public void Images_made_here_are_the_same_for_the_same_seed_and_have_all_ten_classes_evenly()
    {
        var data = SyntheticImages.Create(40, 20, seed: 5, "no reason");
        var again = SyntheticImages.Create(40, 20, seed: 5, "no reason");

        Assert.Equal(data.Train.Pixels, again.Train.Pixels);
        Assert.NotEqual(data.Train.Pixels, SyntheticImages.Create(40, 20, seed: 6, "no reason").Train.Pixels);
        Assert.Equal(Enumerable.Repeat(4, 10), data.Train.Labels.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.True(data.Synthetic);
        Assert.Contains("no reason", data.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_nearest_mean_of_spectra_tells_the_classes_made_here_apart()
    {
        // Learnable is a claim: a classifier much weaker than a network must do far better than the 10 % of chance.
        var data = SyntheticImages.Create(400, 200, seed: 1, "no reason");
        var means = Enumerable.Range(0, 10).Select(label => Mean(data.Train, label)).ToArray();

        int right = Enumerable.Range(0, data.Test.Count).Count(image =>
            Enumerable.Range(0, 10).MinBy(label => Distance(means[label], Features(data.Test, image))) == data.Test.Labels[image]);

        Assert.True(right > 0.6 * data.Test.Count, $"{right} of {data.Test.Count}");
    }

    [Fact]
    public void Every_epoch_meets_every_image_once_in_an_order_of_its_own()
    {
        var order = new BatchOrder(images: 23, batchSize: 5, seed: 7);

        var first = order.Epoch(0).ToList();
        var second = order.Epoch(1).SelectMany(batch => batch).ToList();

        Assert.Equal(5, order.BatchesPerEpoch);
        Assert.Equal([5, 5, 5, 5, 3], first.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 23), first.SelectMany(batch => batch).Order());
        Assert.Equal(Enumerable.Range(0, 23), second.Order());
        Assert.NotEqual(first.SelectMany(batch => batch), second);
        Assert.Equal(first.SelectMany(batch => batch), new BatchOrder(23, 5, 7).Epoch(0).SelectMany(batch => batch));
        Assert.NotEqual(first.SelectMany(batch => batch), new BatchOrder(23, 5, 8).Epoch(0).SelectMany(batch => batch));
    }

    [Fact]
    public void A_batch_is_normalised_per_channel_and_keeps_its_labels()
    {
        var pixels = new byte[2 * ImageSet.PixelsPerImage];
        Array.Fill(pixels, (byte)255, ImageSet.PixelsPerImage, ImageSet.PixelsPerImage);
        using var batch = Batch.Of(new ImageSet(pixels, [4, 6]), [1, 0]);

        Assert.Equal([2, 3, 32, 32], batch.Images.shape);
        Assert.Equal([6, 4], batch.Labels.data<long>().ToArray());
        var values = batch.Images.data<float>().ToArray();
        Assert.Equal((1 - 0.4914f) / 0.2470f, values[0], 5);
        Assert.Equal((1 - 0.4465f) / 0.2616f, values[(3 * 1024) - 1], 5);
        Assert.Equal(-0.4914f / 0.2470f, values[3 * 1024], 5);
    }

    // How strongly each wave that the classes are made of is in the image, whatever its phase.
    private static double[] Features(ImageSet set, int image)
    {
        var pixels = set.Image(image);
        var features = new double[10];
        for (int wave = 0; wave < 10; wave++)
        {
            double angle = Math.PI * (wave % 5) / 5, waves = wave < 5 ? 2.5 : 5, sine = 0, cosine = 0;
            for (int i = 0; i < 1024; i++)
            {
                double at = 2 * Math.PI * waves * ((Math.Cos(angle) * (i % 32)) + (Math.Sin(angle) * (i / 32))) / 32;
                sine += Math.Sin(at) * (pixels[i] + pixels[i + 1024] + pixels[i + 2048] - 384);
                cosine += Math.Cos(at) * (pixels[i] + pixels[i + 1024] + pixels[i + 2048] - 384);
            }

            features[wave] = Math.Sqrt((sine * sine) + (cosine * cosine));
        }

        return features;
    }

    private static double[] Mean(ImageSet set, int label)
    {
        var images = Enumerable.Range(0, set.Count).Where(image => set.Labels[image] == label).Select(image => Features(set, image)).ToList();
        return [.. Enumerable.Range(0, 10).Select(feature => images.Average(image => image[feature]))];
    }

    private static double Distance(double[] a, double[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();
}
