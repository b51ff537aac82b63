using System.Collections;

namespace TorchSharp.Utils;

/// <summary>
/// Reads and writes the elements of a CPU tensor in place, in row-major order whatever its strides. It keeps the tensor object
/// reachable but does not stop anyone from disposing it.
/// </summary>
public sealed unsafe class TensorAccessor<T> : IDisposable, IEnumerable<T>
    where T : unmanaged
{
    private readonly T* data;
    private readonly long[] shape;
    private readonly long[] strides;
    private readonly bool contiguous;
    private torch.Tensor? tensor;

    internal TensorAccessor(torch.Tensor tensor)
    {
        data = (T*)tensor.Data();
        shape = tensor.shape;
        strides = tensor.stride();
        contiguous = tensor.is_contiguous();
        this.tensor = tensor;
        Count = tensor.numel();
    }

    public long Count { get; }

    public bool IsReadOnly => false;

    public T this[params long[] indices]
    {
        get => *At(indices);
        set => *At(indices) = value;
    }

    public static bool operator ==(TensorAccessor<T> left, TensorAccessor<T> right) => left.SequenceEqual(right);

    public static bool operator !=(TensorAccessor<T> left, TensorAccessor<T> right) => !(left == right);

    public T[] ToArray()
    {
        var values = new T[Count];
        CopyTo(values);
        return values;
    }

    public Array ToNDArray()
    {
        if (shape.Length < 2) return ToArray();
        var array = Array.CreateInstance(typeof(T), shape);
        var values = ToArray();
        Buffer.BlockCopy(values, 0, array, 0, Buffer.ByteLength(values));
        return array;
    }

    public void CopyTo(T[] array, int arrayIndex = 0, long tensorIndex = 0) => CopyTo(array.AsSpan(), arrayIndex, tensorIndex);

    public void CopyTo(Span<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (contiguous) new ReadOnlySpan<T>(data + tensorIndex, count).CopyTo(array[arrayIndex..]);
        else for (var i = 0; i < count; i++) array[arrayIndex + i] = data[Offset(tensorIndex + i)];
        GC.KeepAlive(tensor);
    }

    public void CopyFrom(T[] array, int arrayIndex = 0, long tensorIndex = 0) =>
        CopyFrom((ReadOnlySpan<T>)array, arrayIndex, tensorIndex);

    public void CopyFrom(ReadOnlySpan<T> array, int arrayIndex = 0, long tensorIndex = 0)
    {
        var count = (int)Math.Min(array.Length - arrayIndex, Count - tensorIndex);
        if (contiguous) array.Slice(arrayIndex, count).CopyTo(new Span<T>(data + tensorIndex, count));
        else for (var i = 0; i < count; i++) data[Offset(tensorIndex + i)] = array[arrayIndex + i];
        GC.KeepAlive(tensor);
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var i = 0L; i < Count; i++) yield return Read(i);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is TensorAccessor<T> other && this == other;

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    public void Dispose() => tensor = null;

    private T Read(long index) => data[Offset(index)];

    private T* At(long[] indices)
    {
        if (indices.Length == 1)
        {
            if (indices[0] < 0 || indices[0] >= Count) throw new IndexOutOfRangeException();
            return data + Offset(indices[0]);
        }

        var offset = 0L;
        for (var dim = shape.Length - 1; dim >= 0; dim--)
        {
            if (indices[dim] < 0 || indices[dim] >= shape[dim])
                throw new IndexOutOfRangeException($"{indices[dim]} >= {shape[dim]} in dimension {dim}.");
            offset += indices[dim] * strides[dim];
        }

        return data + offset;
    }

    private long Offset(long index)
    {
        if (contiguous) return index;
        var offset = 0L;
        for (var dim = shape.Length - 1; dim >= 0; dim--)
        {
            index = Math.DivRem(index, shape[dim], out var place);
            offset += place * strides[dim];
        }

        return offset;
    }
}
