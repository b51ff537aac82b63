using System.Security.Cryptography;
using System.Text.Json;
using PipelineSdk.IO;

namespace PipelineSdk.Checkpoints;

/// <summary>The outer form of a checkpoint, and what shows whether one is whole.</summary>
/// <remarks>
/// <para>What <c>model.save</c> writes, byte for byte; "PSDKSTAT", the version (int32), the length of the header (int32), the header in JSON, its binary
/// parts; where that section begins (int64), the SHA-256 of everything before it, "PSDKCKPT". Numbers are little-endian.</para>
/// <para>The end says where the section begins, so that the beginning can be exactly the model's: <c>model.load</c> reads as many entries as it names, and
/// never looks at what follows.</para>
/// </remarks>
internal static class CheckpointFile
{
    private const int Version = 1;
    private const int FooterBytes = sizeof(long) + SHA256.HashSizeInBytes + 8;

    private static ReadOnlySpan<byte> SectionMagic => "PSDKSTAT"u8;

    private static ReadOnlySpan<byte> FileMagic => "PSDKCKPT"u8;

    /// <summary>Writes a file in place of one that is there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="saveModel">Writes the model.</param>
    /// <param name="header">The header.</param>
    /// <param name="parts">The binary parts that it names, in order.</param>
    public static void Write(string path, Action<BinaryWriter> saveModel, CheckpointHeader header, IEnumerable<byte[]> parts) => DurableFile.Write(path, file =>
    {
        using var sha = SHA256.Create();
        long start;
        using (var hashing = new CryptoStream(file, sha, CryptoStreamMode.Write, leaveOpen: true))
        using (var writer = new BinaryWriter(hashing))
        {
            saveModel(writer);
            writer.Flush();
            start = file.Position;
            var json = JsonSerializer.SerializeToUtf8Bytes(header, CheckpointJson.Default.CheckpointHeader);
            writer.Write(SectionMagic);
            writer.Write(Version);
            writer.Write(json.Length);
            writer.Write(json);
            foreach (var part in parts) writer.Write(part);
            writer.Write(start);
        }

        file.Write(sha.Hash!);
        file.Write(FileMagic);
    });

    /// <summary>Opens a file and checks that it is whole.</summary>
    /// <returns>The open file, and where the section begins.</returns>
    /// <exception cref="CheckpointException">It is no checkpoint, or damaged.</exception>
    public static (FileStream File, long Section) Open(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            return (file, Check(path, file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header; the binary parts follow.</summary>
    /// <exception cref="CheckpointException">It is of a newer version, or makes no sense.</exception>
    public static CheckpointHeader ReadHeader(string path, BinaryReader reader, long section)
    {
        reader.BaseStream.Position = section;
        if (!reader.ReadBytes(SectionMagic.Length).AsSpan().SequenceEqual(SectionMagic)) throw new CheckpointException(path, "The file is damaged: no state follows the model.");
        var version = reader.ReadInt32();
        if (version is < 1 or > Version)
            throw new CheckpointException(path, $"The checkpoint is of version {version}; this PipelineSdk reads up to version {Version}. Update it.");

        try
        {
            return JsonSerializer.Deserialize(reader.ReadBytes(reader.ReadInt32()), CheckpointJson.Default.CheckpointHeader)!;
        }
        catch (JsonException error)
        {
            throw new CheckpointException(path, $"The header can't be read: {error.Message}", error);
        }
    }

    private static long Check(string path, FileStream file)
    {
        if (file.Length < FooterBytes) throw NoCheckpoint(path);
        Span<byte> footer = stackalloc byte[FooterBytes];
        file.Position = file.Length - FooterBytes;
        file.ReadExactly(footer);
        if (!footer[^FileMagic.Length..].SequenceEqual(FileMagic)) throw NoCheckpoint(path);

        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        file.Position = 0;
        for (var left = file.Length - FooterBytes + sizeof(long); left > 0;)
        {
            var count = file.Read(buffer, 0, (int)Math.Min(left, buffer.Length));
            if (count == 0) throw new CheckpointException(path, "The file became shorter while it was read.");
            sha.AppendData(buffer, 0, count);
            left -= count;
        }

        if (!sha.GetHashAndReset().AsSpan().SequenceEqual(footer.Slice(sizeof(long), SHA256.HashSizeInBytes)))
            throw new CheckpointException(path, "The file is damaged: its contents do not fit its checksum. Take an earlier checkpoint.");
        return BitConverter.ToInt64(footer);
    }

    private static CheckpointException NoCheckpoint(string path) => new(
        path, "This is no checkpoint of a pipeline, or its end is missing. What model.save has written is read by model.load.");
}
