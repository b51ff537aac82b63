using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What the convolutions of one, two and three dimensions have in common.</summary>
public abstract class Convolution : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(bias))]
    protected Parameter? _bias;

    [ComponentName(Name = nameof(weight))]
    protected Parameter? _weight;

    /// <summary>The padding as <c>functional.pad</c> takes it: last dimension first, both sides of each.</summary>
    protected long[] _reversed_padding_repeated_twice = [];

    protected Convolution(
        string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
        long[] dilation, bool transposed, long[] output_padding, long groups, bool bias, PaddingModes padding_mode,
        Device? device = null, ScalarType? dtype = null) : base(name)
    {
        if (transposed && padding_mode != PaddingModes.Zeros)
            throw new ArgumentException("Only PaddingModes.Zeros is supported for ConvTransposeND", nameof(padding_mode));

        this.in_channels = in_channels;
        this.out_channels = out_channels;
        this.kernel_size = kernel_size;
        this.stride = stride;
        this.dilation = dilation;
        this.transposed = transposed;
        this.output_padding = output_padding;
        this.groups = groups;
        this.padding_mode = padding_mode;
        if (padding_type is { } type)
            SetPadding(type);
        else
            SetPadding(padding ?? new long[kernel_size.Length]);

        long[] shape = transposed
            ? [in_channels, out_channels / groups, .. kernel_size]
            : [out_channels, in_channels / groups, .. kernel_size];
        weight = new Parameter(Empty(shape, dtype, device));
        if (bias) this.bias = new Parameter(Empty([out_channels], dtype, device));
        reset_parameters();
    }

    public long in_channels { get; }

    public long out_channels { get; }

    public long[] kernel_size { get; set; }

    public long[] stride { get; set; }

    public long[]? padding { get; private set; }

    public Padding? padding_type { get; private set; }

    public PaddingModes padding_mode { get; set; }

    public long[] dilation { get; set; }

    public long[] output_padding { get; set; }

    public bool transposed { get; }

    public long groups { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set => Own(nameof(weight), ref _weight, value ?? throw new ArgumentNullException(nameof(weight)));
    }

    public Parameter? bias
    {
        get => _bias;
        set => Own(nameof(bias), ref _bias, value);
    }

    /// <summary>Weight and bias uniform in ±1/√fan-in, as PyTorch's kaiming_uniform_(a = √5).</summary>
    public void reset_parameters()
    {
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (bias is null) return;

        var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
        if (fanIn == 0) return;
        var bound = 1 / Math.Sqrt(fanIn);
        nn.init.uniform_(bias, -bound, bound);
    }

    public void SetPadding(long[] padding)
    {
        this.padding = padding;
        padding_type = null;
        _reversed_padding_repeated_twice = [.. Enumerable.Reverse(padding).SelectMany(size => new[] { size, size })];
    }

    /// <exception cref="ArgumentException">Transposed; or the same size is wanted with a stride.</exception>
    public void SetPadding(Padding padding)
    {
        if (transposed) throw new ArgumentException("Cannot set padding type on ConvTransposeND");
        if (padding == Padding.Same && stride.Any(step => step != 1))
            throw new ArgumentException("padding='same' is not supported for strided convolutions");

        this.padding = null;
        padding_type = padding;
        _reversed_padding_repeated_twice = new long[2 * kernel_size.Length];
        if (padding == Padding.Valid) return;

        for (var dimension = 0; dimension < kernel_size.Length; dimension++)
        {
            var total = dilation[dimension] * (kernel_size[dimension] - 1);
            var place = 2 * (kernel_size.Length - 1 - dimension);
            _reversed_padding_repeated_twice[place] = total / 2;
            _reversed_padding_repeated_twice[place + 1] = total - total / 2;
        }
    }

    /// <summary>Whether the input is [N, C, …] or [C, …] with this number of further dimensions and the module's channels.</summary>
    protected bool ValidateShape(Tensor input, long dimensions)
    {
        var shape = input.shape;
        return shape.Length == dimensions + 2 && shape[1] == in_channels
            || shape.Length == dimensions + 1 && shape[0] == in_channels;
    }

    /// <summary>One native call, or two where the padding is not zeros.</summary>
    private protected Tensor Convolve(string operation, string operationWithPadding, Tensor input)
    {
        if (padding_mode == PaddingModes.Zeros)
            return padding_type is { } type
                ? Op.Call(operationWithPadding, input, _weight, _bias, stride, nn.functional.Name(type), dilation, groups)
                : Op.Call(operation, input, _weight, _bias, stride, padding, dilation, groups);

        using var padded = nn.functional.pad(input, _reversed_padding_repeated_twice, padding_mode);
        return Op.Call(operation, padded, _weight, _bias, stride, 0, dilation, groups);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weight?.Dispose();
            _bias?.Dispose();
        }

        base.Dispose(disposing);
    }
}
