namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    public static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static IDisposable set_grad_enabled(bool mode = true) => new GradMode(mode);

    public static bool is_grad_enabled() => Native.pst_grad_enabled() != 0;

    /// <summary>Must be disposed on the thread that called it.</summary>
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);

    public static bool is_inference_mode_enabled() => Native.pst_inference_enabled() != 0;

    /// <summary>Sets the grad mode of this thread and puts it back when disposed.</summary>
    private sealed class GradMode : IDisposable
    {
        private readonly bool former = is_grad_enabled();

        public GradMode(bool enabled) => Native.pst_set_grad_enabled(enabled ? 1 : 0);

        public void Dispose() => Native.pst_set_grad_enabled(former ? 1 : 0);
    }

    private sealed class InferenceMode(bool mode) : IDisposable
    {
        private nint guard = Native.pst_inference_enter(mode ? 1 : 0);

        public void Dispose()
        {
            if (guard == 0) return;
            Native.pst_inference_leave(guard);
            guard = 0;
        }
    }
}
