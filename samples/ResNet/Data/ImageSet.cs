namespace ResNet.Data;

/// <summary>Labelled images of 3 x 32 x 32 bytes: red, green and blue planes, row by row, one image after the other.</summary>
internal sealed class ImageSet
{
    public const int Classes = 10;
    public const int Channels = 3;
    public const int Side = 32;
    public const int PixelsPerImage = Channels * Side * Side;

    /// <exception cref="ArgumentException">There are not <see cref="PixelsPerImage"/> pixels for each label.</exception>
    public ImageSet(byte[] pixels, byte[] labels)
    {
        if (pixels.Length != labels.Length * PixelsPerImage)
        {
            throw new ArgumentException($"{labels.Length} labels ask for {labels.Length * PixelsPerImage} pixels, not {pixels.Length}.");
        }

        Pixels = pixels;
        Labels = labels;
    }

    public byte[] Pixels { get; }

    public byte[] Labels { get; }

    public int Count => Labels.Length;

    public ReadOnlySpan<byte> Image(int index) => Pixels.AsSpan(index * PixelsPerImage, PixelsPerImage);

    /// <summary>The first <paramref name="count"/> images, or all of them if there are fewer.</summary>
    public ImageSet Take(int count) =>
        count >= Count ? this : new ImageSet(Pixels[..(count * PixelsPerImage)], Labels[..count]);
}
