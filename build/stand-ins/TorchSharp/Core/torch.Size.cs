using System.Collections;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>The sizes of a tensor, as an immutable list.</summary>
    public struct Size : IEnumerable<long>
    {
        public static Size Empty = new(Array.Empty<long>());

        private readonly long[]? shape;

        public Size(long[] shape) => this.shape = [.. shape];

        public Size(IEnumerable<long> shape) => this.shape = shape.ToArray();

        public Size(int[] shape) => this.shape = shape.Select(size => (long)size).ToArray();

        public Size(long size) => shape = [size];

        public Size((long, long) size) => shape = [size.Item1, size.Item2];

        public Size((long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3];

        public Size((long, long, long, long) size) => shape = [size.Item1, size.Item2, size.Item3, size.Item4];

        public long[] Shape => shape ?? [];

        public int Length => Shape.Length;

        public bool IsScalar => Length == 0;

        public bool IsEmpty => Length == 0;

        public long this[int idx] => Shape[idx];

        public long this[long idx] => Shape[idx];

        public static implicit operator Size(long[] size) => new(size);

        public static implicit operator Size(long size) => new(size);

        public static implicit operator Size((long, long) size) => new(size);

        public static implicit operator Size((long, long, long) size) => new(size);

        public static implicit operator Size((long, long, long, long) size) => new(size);

        public static bool operator ==(Size left, Size right) => left.Shape.SequenceEqual(right.Shape);

        public static bool operator !=(Size left, Size right) => !(left == right);

        public long numel() => Shape.Aggregate(1L, (product, size) => product * size);

        public IEnumerator<long> GetEnumerator() => Shape.AsEnumerable().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        public override bool Equals(object? obj) => obj is Size other && this == other;

        public override int GetHashCode() => Shape.Aggregate(0, HashCode.Combine);
    }
}
