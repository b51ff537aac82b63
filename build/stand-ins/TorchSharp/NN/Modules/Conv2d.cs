using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Convolution over [N, C, H, W] or [C, H, W].</summary>
public sealed class Conv2d : Convolution
{
    internal Conv2d(
        long in_channels, long out_channels, (long, long) kernel_size, (long, long) stride, (long, long)? padding, Padding? padding_type,
        (long, long) dilation, PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(
            nameof(Conv2d), in_channels, out_channels, nn.functional.Pair(kernel_size), nn.functional.Pair(stride),
            padding is { } sizes ? nn.functional.Pair(sizes) : null, padding_type, nn.functional.Pair(dilation), false, [0, 0], groups,
            bias, padding_mode, device, dtype)
    {
    }

    /// <exception cref="ArgumentException">The input has another number of dimensions or of channels.</exception>
    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 2))
            throw new ArgumentException(
                $"Expected 3D (unbatched) or 4D (batched) input with {in_channels} channels to Conv2d.");
        return Convolve("aten::conv2d", "aten::conv2d.padding", input);
    }
}
