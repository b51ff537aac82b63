using System.Numerics;

namespace TorchSharp;

/// <summary>A number of any element type. Kept in managed memory: there is nothing to free.</summary>
public sealed class Scalar : IDisposable
{
    private readonly Arg value;

    private Scalar(Arg value, torch.ScalarType type)
    {
        this.value = value;
        Type = type;
    }

    public torch.ScalarType Type { get; }

    public static implicit operator Scalar(byte value) => (long)value;

    public static implicit operator Scalar(sbyte value) => (long)value;

    public static implicit operator Scalar(short value) => (long)value;

    public static implicit operator Scalar(int value) => (long)value;

    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);

    public static implicit operator Scalar(Half value) => (double)value;

    public static implicit operator Scalar(float value) => (double)value;

    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);

    public static implicit operator Scalar(bool value) => new(value, torch.ScalarType.Bool);

    public static implicit operator Scalar((float, float) value) => new Complex(value.Item1, value.Item2);

    public static implicit operator Scalar(Complex value) => new(value, torch.ScalarType.ComplexFloat64);

    public void Dispose()
    {
    }

    internal Arg ToArg() => value;

    internal double AsDouble() => value.Kind switch
    {
        ValueKind.Double => BitConverter.Int64BitsToDouble(value.Bits),
        ValueKind.Complex => ((Complex)value.Reference!).Real,
        _ => value.Bits,
    };

    internal long AsLong() => value.Kind is ValueKind.Double or ValueKind.Complex ? checked((long)AsDouble()) : value.Bits;
}
