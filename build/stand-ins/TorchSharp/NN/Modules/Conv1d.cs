using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Convolution over [N, C, L] or [C, L].</summary>
public sealed class Conv1d : Convolution
{
    internal Conv1d(
        long in_channels, long out_channels, long kernel_size, long stride, long? padding, Padding? padding_type, long dilation,
        PaddingModes padding_mode, long groups, bool bias, Device? device, ScalarType? dtype)
        : base(
            nameof(Conv1d), in_channels, out_channels, [kernel_size], [stride], padding is { } size ? [size] : null, padding_type,
            [dilation], false, [0], groups, bias, padding_mode, device, dtype)
    {
    }

    /// <exception cref="ArgumentException">The input has another number of dimensions or of channels.</exception>
    public override Tensor forward(Tensor input)
    {
        if (!ValidateShape(input, 1))
            throw new ArgumentException(
                $"Expected 2D (unbatched) or 3D (batched) input with {in_channels} channels to Conv1d.");
        return Convolve("aten::conv1d", "aten::conv1d.padding", input);
    }
}
