using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Compares devices before anything is moved: on one device <c>to(...)</c> returns a second handle of the same tensor.</summary>
internal static class SameDevice
{
    /// <summary>Whether two names are those of one device.</summary>
    public static bool Are(Device first, Device second) => first.type == second.type && first.index == second.index;

    /// <summary>Whether a tensor is on a device.</summary>
    public static bool IsOn(Tensor tensor, Device device) => tensor.device_type == device.type && tensor.device_index == device.index;

    /// <summary>The same values on the device of another tensor: the very tensor where it is there, else a copy that belongs to the current dispose scope.</summary>
    public static Tensor Beside(Tensor tensor, Tensor other)
        => tensor.device_type == other.device_type && tensor.device_index == other.device_index ? tensor : tensor.to(other.device);
}
