using System.Text;
using ResNet.Model;

namespace ResNet.Reports;

/// <summary>Weights in TorchSharp's own file format: what <c>model.load</c> reads.</summary>
internal static class Checkpoint
{
    /// <exception cref="IOException">The file could not be written; an older one is untouched.</exception>
    public static void Save(string path, ResNet20 model) => AtomicFile.Write(path, stream =>
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        model.save(writer);
    });

    /// <summary>Reads a whole file into the model.</summary>
    /// <exception cref="InvalidDataException">The file is cut off, too long, or holds another model; the message names it.</exception>
    public static void Load(string path, ResNet20 model)
    {
        using var file = new MemoryStream(File.ReadAllBytes(path));
        try
        {
            using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
            model.load(reader);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidDataException(
                $"{path} is not a whole checkpoint of {nameof(ResNet20)} ({error.Message.ReplaceLineEndings(" ")}). "
                + "Train again, or name another file with --checkpoint.", error);
        }

        if (file.Position != file.Length)
        {
            throw new InvalidDataException(
                $"{path} holds {file.Length - file.Position} bytes after its last weight: it is not a checkpoint of {nameof(ResNet20)}. "
                + "Train again, or name another file with --checkpoint.");
        }
    }
}
