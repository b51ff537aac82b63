using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>
/// Tensors in TorchSharp's own format: element type, number of dimensions and each size in LEB128, then the elements in row order.
/// </summary>
public static partial class TensorExtensionMethods
{
    private const int BufferBytes = 1 << 16;

    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        writer.Encode((long)tensor.dtype);
        writer.Encode(tensor.ndim);
        foreach (var size in tensor.shape) writer.Encode(size);

        using var _ = no_grad();
        using var onCpu = Op.Call("aten::to.device", tensor, CPU, tensor.dtype);
        using var elements = Op.Call("aten::contiguous", onCpu);
        WriteElements(elements, writer.BaseStream);
    }

    /// <summary>Writes the tensor and closes the stream.</summary>
    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
    }

    public static void Save(this Tensor tensor, string location)
    {
        using var stream = File.Create(location);
        tensor.Save(stream);
    }

    /// <summary>Reads a tensor's values into this one.</summary>
    /// <param name="tensor">Where the values go.</param>
    /// <param name="reader">Where the saved tensor begins.</param>
    /// <param name="skip">Whether to read past the values and change nothing.</param>
    /// <exception cref="ArgumentException">Element type or shape is another.</exception>
    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (type != tensor.dtype)
            throw new ArgumentException(
                "Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the "
                + $"origin: the file has {type}, the tensor {tensor.dtype}.");
        if (!skip) CheckShape(tensor, shape);
        ReadElements(tensor, reader, skip);
    }

    /// <summary>Reads a tensor; a skipped one has the saved shape and zeros in it.</summary>
    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    /// <summary>Reads a tensor's values into this one, or makes the tensor first if there is none.</summary>
    /// <exception cref="ArgumentException">The shape is another.</exception>
    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var (type, shape) = ReadHeader(reader);
        if (tensor is null)
            tensor = Op.Call(skip ? "aten::zeros" : "aten::empty.memory_format", shape, type, Arg.None, CPU);
        else if (!skip)
            CheckShape(tensor, shape);
        ReadElements(tensor, reader, skip);
    }

    private static (ScalarType Type, long[] Shape) ReadHeader(BinaryReader reader)
    {
        var type = (ScalarType)reader.Decode();
        var dimensions = reader.Decode();
        if (!Enum.IsDefined(type) || dimensions > 64)
            throw new InvalidDataException($"No tensor begins here: element type {type}, {dimensions} dimensions. The file is damaged.");

        var shape = new long[dimensions];
        for (var i = 0; i < shape.Length; i++) shape[i] = reader.Decode();
        return (type, shape);
    }

    private static void CheckShape(Tensor tensor, long[] shape)
    {
        if (!tensor.shape.AsSpan().SequenceEqual(shape))
            throw new ArgumentException(
                "Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin: "
                + $"the file has [{string.Join(", ", shape)}], the tensor [{string.Join(", ", tensor.shape)}].");
    }

    private static unsafe void WriteElements(Tensor elements, Stream stream)
    {
        void* data;
        Native.Check(Native.pst_data(elements.Handle, &data));
        var left = elements.NumberOfElements * elements.ElementSize;
        for (var place = (byte*)data; left > 0;)
        {
            var count = (int)Math.Min(left, BufferBytes);
            stream.Write(new ReadOnlySpan<byte>(place, count));
            place += count;
            left -= count;
        }

        GC.KeepAlive(elements);
    }

    private static unsafe void ReadElements(Tensor tensor, BinaryReader reader, bool skip)
    {
        using var _ = no_grad();
        using var elements = Op.Call("aten::empty.memory_format", tensor.shape, tensor.dtype, Arg.None, CPU);
        void* data;
        Native.Check(Native.pst_data(elements.Handle, &data));
        var left = elements.NumberOfElements * elements.ElementSize;
        for (var place = (byte*)data; left > 0;)
        {
            var count = (int)Math.Min(left, BufferBytes);
            reader.BaseStream.ReadExactly(new Span<byte>(place, count));
            place += count;
            left -= count;
        }

        // Into a tensor aside first, so that a file that ends too early leaves the values as they were.
        if (!skip) Op.Run("aten::copy_", tensor, elements);
    }
}
