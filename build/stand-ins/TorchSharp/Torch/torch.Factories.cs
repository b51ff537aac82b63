using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start,
        Scalar stop,
        Scalar step,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false)
    {
        var whole = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var type = dtype ?? (whole ? ScalarType.Int64 : defaultType);
        return Made(Op.Call("aten::arange.start_step", start, stop, step, type, Arg.None, InitializeDevice(device)), requires_grad);
    }

    public static Tensor linspace(
        double start,
        double end,
        long steps,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false) =>
        Made(Op.Call("aten::linspace", start, end, steps, dtype ?? defaultType, Arg.None, InitializeDevice(device)), requires_grad);

    public static Tensor logspace(
        double start,
        double end,
        long steps,
        double @base = 10,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false) =>
        Made(Op.Call("aten::logspace", start, end, steps, @base, dtype ?? defaultType, Arg.None, InitializeDevice(device)), requires_grad);

    public static Tensor eye(
        long rows,
        long columns = -1,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null)
    {
        var width = columns == -1 ? rows : columns;
        return Made(
            Named(Op.Call("aten::eye.m", rows, width, dtype ?? defaultType, Arg.None, InitializeDevice(device)), names), requires_grad);
    }

    /// <summary>Shares the memory of <paramref name="rawArray"/>, which stays pinned while the tensor's storage lives.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>Shares the memory of <paramref name="rawArray"/> unless it must be converted or moved.</summary>
    public static Tensor from_array(
        Array rawArray,
        ScalarType? dtype,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null)
    {
        var type = TypeOf(rawArray.GetType().GetElementType()!);
        var shape = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        nint handle;
        fixed (long* sizes = shape)
        {
            Native.Check(Native.pst_from_memory(
                pin.AddrOfPinnedObject(), sizes, shape.Length, (int)type, &Unpin, GCHandle.ToIntPtr(pin), &handle));
        }

        return Finish(new Tensor(handle), dtype, device, requires_grad, names);
    }

    private static Tensor Make(string name, long[] size, ScalarType? dtype, Device? device, bool requires_grad, string[]? names) =>
        Made(Named(Op.Call(name, size, dtype ?? defaultType, Arg.None, InitializeDevice(device)), names), requires_grad);

    private static Tensor Filled(long[] size, Scalar value, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        var type = dtype ?? (is_integral(value.Type) ? ScalarType.Int64 : defaultType);
        return Made(Named(Op.Call("aten::full", size, value, type, Arg.None, InitializeDevice(device)), names), requires_grad);
    }

    private static Tensor FromArray<T>(
        Array rawArray,
        ScalarType type,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names)
        where T : unmanaged
    {
        var shape = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        var values = MemoryMarshal.CreateReadOnlySpan(
            ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(rawArray)), rawArray.Length);
        return FromSpan(values, shape, type, dtype, device, requires_grad, names);
    }

    private static Tensor FromSpan<T>(
        ReadOnlySpan<T> values,
        ReadOnlySpan<long> shape,
        ScalarType type,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        string[]? names)
        where T : unmanaged
    {
        var count = 1L;
        foreach (var size in shape) count *= size;
        if (count > values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {count} vs. {values.Length}");
        var tensor = Op.Call("aten::empty.memory_format", shape, type, Arg.None, CPU);
        void* data;
        Native.Check(Native.pst_data(tensor.Handle, &data));
        values[..(int)count].CopyTo(new Span<T>(data, (int)count));
        return Finish(tensor, dtype, device, requires_grad, names);
    }

    private static Tensor Finish(Tensor tensor, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        var place = InitializeDevice(device);
        if ((dtype is { } type && type != tensor.dtype) || place.type != DeviceType.CPU)
            tensor = tensor.to(dtype ?? tensor.dtype, place, disposeAfter: true);
        return Made(Named(tensor, names), requires_grad);
    }

    private static Tensor Made(Tensor tensor, bool requires_grad) => requires_grad ? tensor.requires_grad_() : tensor;

    private static Tensor Named(Tensor tensor, string[]? names) => names is null or []
        ? tensor
        : throw new NotSupportedException("The TorchSharp stand-in has no named dimensions.");

    private static ScalarType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => ScalarType.Byte,
        TypeCode.SByte => ScalarType.Int8,
        TypeCode.Int16 => ScalarType.Int16,
        TypeCode.Int32 => ScalarType.Int32,
        TypeCode.Int64 => ScalarType.Int64,
        TypeCode.Single => ScalarType.Float32,
        TypeCode.Double => ScalarType.Float64,
        TypeCode.Boolean => ScalarType.Bool,
        _ => throw new NotImplementedException($"Creating a tensor of {type} is not supported."),
    };

    [UnmanagedCallersOnly]
    private static void Unpin(nint pin) => GCHandle.FromIntPtr(pin).Free();
}
