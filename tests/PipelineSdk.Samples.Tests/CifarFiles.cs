using ResNet.Data;

namespace PipelineSdk.Samples.Tests;

/// <summary>Writes small files in CIFAR-10's binary layout.</summary>
internal static class CifarFiles
{
    /// <summary>One record per label; pixel p of image i is (i + p) mod 256.</summary>
    public static byte[] Records(params byte[] labels)
    {
        var bytes = new byte[labels.Length * CifarFile.RecordBytes];
        for (int image = 0; image < labels.Length; image++)
        {
            int start = image * CifarFile.RecordBytes;
            bytes[start] = labels[image];
            for (int pixel = 0; pixel < ImageSet.PixelsPerImage; pixel++) bytes[start + 1 + pixel] = (byte)(image + pixel);
        }

        return bytes;
    }

    public static string Write(TemporaryFolder folder, string name, byte[] bytes)
    {
        File.WriteAllBytes(folder[name], bytes);
        return folder[name];
    }
}
