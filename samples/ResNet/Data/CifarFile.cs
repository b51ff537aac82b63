using System.Globalization;

namespace ResNet.Data;

/// <summary>
/// Reads the binary layout of CIFAR-10 (Krizhevsky, 2009): per image one label byte, then 3,072 bytes of pixels.
/// </summary>
internal static class CifarFile
{
    public const int RecordBytes = 1 + ImageSet.PixelsPerImage;

    /// <summary>Reads whole files, one after the other, into one set.</summary>
    /// <exception cref="InvalidDataException">A file is empty, cut off, or holds a label that is not one; the message names it.</exception>
    public static ImageSet Read(IReadOnlyList<string> paths)
    {
        var files = paths.Select(ReadRecords).ToArray();
        int count = files.Sum(file => file.Length / RecordBytes);
        var pixels = new byte[count * ImageSet.PixelsPerImage];
        var labels = new byte[count];
        int image = 0;
        foreach (var file in files)
        {
            for (int start = 0; start < file.Length; start += RecordBytes, image++)
            {
                labels[image] = file[start];
                file.AsSpan(start + 1, ImageSet.PixelsPerImage).CopyTo(pixels.AsSpan(image * ImageSet.PixelsPerImage));
            }
        }

        return new ImageSet(pixels, labels);
    }

    private static byte[] ReadRecords(string path)
    {
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length == 0 || bytes.Length % RecordBytes != 0)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                $"{path} is not a whole CIFAR-10 file: it has {bytes.Length:N0} bytes, and records of {RecordBytes:N0} bytes each " +
                $"leave {bytes.Length % RecordBytes:N0} over. Copy or download it again."));
        }

        for (int start = 0; start < bytes.Length; start += RecordBytes)
        {
            if (bytes[start] >= ImageSet.Classes)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture,
                    $"{path} is not a CIFAR-10 file: image {start / RecordBytes:N0} has label {bytes[start]}, and labels go from 0 to 9. " +
                    $"The binary version of CIFAR-10 is needed, not CIFAR-100 or the Python version."));
            }
        }

        return bytes;
    }
}
