using System.Runtime.CompilerServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        /// <summary>The bytes of a contiguous CPU tensor, in place: valid while the tensor lives.</summary>
        public Span<byte> bytes
        {
            get => new(CheckedData(), checked((int)(NumberOfElements * ElementSize)));
            set
            {
                if (value.Length != NumberOfElements * ElementSize) throw new ArgumentException("Mismatched data sizes in SetBytes().");
                value.CopyTo(bytes);
            }
        }

        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            ValidateType(typeof(T));
            return new TensorAccessor<T>(is_cpu() ? this : cpu());
        }

        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            ValidateType(typeof(T));
            if (is_cpu()) return Unsafe.Read<T>(Data());
            using var here = cpu();
            return Unsafe.Read<T>(here.Data());
        }

        public Scalar ToScalar() => dtype switch
        {
            ScalarType.Float32 => item<float>(),
            ScalarType.Float64 => item<double>(),
            ScalarType.Int64 => item<long>(),
            ScalarType.Int32 => item<int>(),
            ScalarType.Int16 => item<short>(),
            ScalarType.Int8 => item<sbyte>(),
            ScalarType.Byte => item<byte>(),
            ScalarType.Bool => item<bool>(),
            ScalarType.Float16 => item<Half>(),
            _ => Converted(),
        };

        public Tensor fill_(Scalar value) => InPlace("aten::fill_.Scalar", value);

        public Tensor zero_() => InPlace("aten::zero_");

        public Tensor copy_(Tensor source, bool nonBlocking = false) => InPlace("aten::copy_", source, nonBlocking);

        public Tensor set_(Tensor source) => InPlace("aten::set_.source_Tensor", source);

        public void WriteBytesToStream(Stream stream, int bufferSize = 1024)
        {
            var left = NumberOfElements * ElementSize;
            for (var next = (byte*)CheckedData(); left > 0; next += bufferSize, left -= bufferSize)
                stream.Write(new ReadOnlySpan<byte>(next, (int)Math.Min(bufferSize, left)));
            GC.KeepAlive(this);
        }

        public void ReadBytesFromStream(Stream stream, int bufferSize = 1024)
        {
            var left = NumberOfElements * ElementSize;
            for (var next = (byte*)CheckedData(); left > 0; next += bufferSize, left -= bufferSize)
                stream.ReadExactly(new Span<byte>(next, (int)Math.Min(bufferSize, left)));
            GC.KeepAlive(this);
        }

        internal void* Data()
        {
            void* data;
            Native.Check(Native.pst_data(Handle, &data));
            return data;
        }

        private void* CheckedData()
        {
            if (!is_contiguous()) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
            if (!is_cpu())
                throw new InvalidOperationException(
                    "Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
            return Data();
        }

        private Scalar Converted()
        {
            using var exact = @double();
            return exact.item<double>();
        }

        private void ValidateType(Type type)
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.ComplexFloat32 => typeof((float, float)),
                ScalarType.ComplexFloat64 => typeof(System.Numerics.Complex),
                ScalarType.Bool => typeof(bool),
                _ => null,
            };
            if (type != expected) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }
    }
}
