using System.Numerics;

namespace TorchSharp;

/// <summary>
/// An argument of an operator. It carries only a kind and a value; the shim converts by the operator's schema, so an integer serves
/// where the schema wants a Scalar, a float or a list of one.
/// </summary>
internal readonly struct Arg
{
    private Arg(ValueKind kind, long bits, object? reference = null, int length = 0)
    {
        Kind = kind;
        Bits = bits;
        Reference = reference;
        Length = length;
    }

    public static Arg None => default;

    public ValueKind Kind { get; }

    public long Bits { get; }

    public object? Reference { get; }

    /// <summary>Elements of a list, or a device's index.</summary>
    public int Length { get; }

    public static implicit operator Arg(torch.Tensor? tensor) =>
        tensor is null ? default : new Arg(ValueKind.Tensor, tensor.Handle, tensor);

    public static implicit operator Arg(Scalar? scalar) => scalar is null ? default : scalar.ToArg();

    public static implicit operator Arg(long value) => new(ValueKind.Int, value);

    public static implicit operator Arg(int value) => new(ValueKind.Int, value);

    public static implicit operator Arg(double value) => new(ValueKind.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Arg(bool value) => new(ValueKind.Bool, value ? 1 : 0);

    public static implicit operator Arg(long? value) => value is { } number ? number : default(Arg);

    public static implicit operator Arg(int? value) => value is { } number ? number : default(Arg);

    public static implicit operator Arg(double? value) => value is { } number ? number : default(Arg);

    public static implicit operator Arg(bool? value) => value is { } flag ? flag : default(Arg);

    public static implicit operator Arg(string? value) => value is null ? default : new Arg(ValueKind.String, 0, value);

    public static implicit operator Arg(long[]? values) => values is null ? default : new Arg(ValueKind.IntList, 0, values, values.Length);

    public static implicit operator Arg(ReadOnlySpan<long> values) => values.ToArray();

    public static implicit operator Arg(double[]? values) => values is null ? default : new Arg(ValueKind.DoubleList, 0, values, values.Length);

    public static implicit operator Arg(bool[]? values) => values is null ? default : new Arg(ValueKind.BoolList, 0, values, values.Length);

    public static implicit operator Arg(torch.Tensor?[]? tensors) =>
        tensors is null ? default : new Arg(ValueKind.TensorList, 0, tensors, tensors.Length);

    public static implicit operator Arg(torch.ScalarType type) => new(ValueKind.Int, (int)type);

    public static implicit operator Arg(torch.ScalarType? type) => type is { } known ? known : default(Arg);

    public static implicit operator Arg(torch.Device? device) =>
        device is null ? default : new Arg(ValueKind.Device, (int)device.type, null, device.index);

    public static implicit operator Arg(torch.Generator? generator) =>
        generator is null ? default : new Arg(ValueKind.Generator, generator.Handle, generator);

    public static implicit operator Arg(Complex value) => new(ValueKind.Complex, 0, value);
}
