namespace TorchSharp;

public static partial class torch
{
    public static Tensor randint(
        long low,
        long high,
        Size size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null)
    {
        var type = dtype ?? ScalarType.Int64;
        var drawn = generator is null
            ? Op.Call("aten::randint.low", low, high, size.Shape, type, Arg.None, InitializeDevice(device))
            : Op.Call("aten::randint.low_generator", low, high, size.Shape, generator, type, Arg.None, InitializeDevice(device));
        return Made(Named(drawn, names), requires_grad);
    }

    public static Tensor randint(
        long high,
        Size size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) => randint(0, high, size, dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) => randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        long low,
        long high,
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) => randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int high,
        int[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) => randint(0, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randint(
        int low,
        int high,
        int[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null) => randint(low, high, new Size(size), dtype, device, requires_grad, generator, names);

    public static Tensor randperm(
        long n,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null)
    {
        var type = dtype ?? ScalarType.Int64;
        var drawn = generator is null
            ? Op.Call("aten::randperm", n, type, Arg.None, InitializeDevice(device))
            : Op.Call("aten::randperm.generator", n, generator, type, Arg.None, InitializeDevice(device));
        return Made(drawn, requires_grad);
    }

    public static Tensor normal(
        double mean,
        double std,
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null)
    {
        var drawn = Op.Call(
            "aten::normal.float_float", mean, std, size, generator, dtype ?? defaultType, Arg.None, InitializeDevice(device));
        return Made(Named(drawn, names), requires_grad);
    }

    private static Tensor Drawn(
        string name,
        long[] size,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        Generator? generator,
        string[]? names)
    {
        var type = dtype ?? defaultType;
        var drawn = generator is null
            ? Op.Call(name, size, type, Arg.None, InitializeDevice(device))
            : Op.Call(name + ".generator", size, generator, type, Arg.None, InitializeDevice(device));
        return Made(Named(drawn, names), requires_grad);
    }
}
