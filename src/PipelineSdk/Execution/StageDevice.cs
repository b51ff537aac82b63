using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Where one stage computes.</summary>
/// <param name="Device">The device.</param>
/// <param name="Arrivals">Moves what the stage receives to it; null where all that comes is there.</param>
/// <param name="IsWaitedFor">Whether an action ends when the device has done its work, and not when the thread has given it to do.</param>
internal sealed record StageDevice(Device Device, DeviceMove? Arrivals, bool IsWaitedFor)
{
    /// <summary>The CPU, to which nothing comes from elsewhere.</summary>
    public static StageDevice Cpu { get; } = new(CPU, null, false);

    /// <summary>As spans and timelines name it.</summary>
    public string Name { get; } = Device.ToString()!;

    /// <summary>Begins an action in the thread's scope; what it returns ends it, and then waits for the device.</summary>
    public Work Begin(ActionScope scope) => new(this, scope.Begin());

    /// <summary>Waits until the device has done all its work, where it <see cref="IsWaitedFor"/>.</summary>
    public void Wait()
    {
        if (IsWaitedFor) cuda.synchronize(Device);
    }

    /// <summary>Whether work on a device goes on after the call that asked for it has returned, and can be waited for.</summary>
    public static bool IsAsynchronous(Device device) => device.type == DeviceType.CUDA;

    /// <summary>The work of one action.</summary>
    internal readonly struct Work(StageDevice device, ActionScope.Action action) : IDisposable
    {
        public void Dispose()
        {
            action.Dispose();
            device.Wait();
        }
    }
}
