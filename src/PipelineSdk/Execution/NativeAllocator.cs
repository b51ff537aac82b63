using System.Runtime.InteropServices;

namespace PipelineSdk.Execution;

/// <summary>
/// Makes glibc's malloc keep the blocks of activations. By default it gives them back to the system after every micro-batch and
/// faults them in again, from several threads of one process at once: steps then get slower run by run.
/// </summary>
internal static partial class NativeAllocator
{
    // mallopt's parameters, from malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    private const int Mebibyte = 1024 * 1024;

    private static readonly Lazy<bool> Tuned = new(Apply);

    /// <summary>Tunes the allocator, once per process. False where there is no glibc, or it refused.</summary>
    public static bool Tune() => Tuned.Value;

    /// <summary>Whether it has been tuned.</summary>
    public static bool IsTuned => Tuned is { IsValueCreated: true, Value: true };

    private static bool Apply()
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            // 32 MiB is the largest threshold glibc takes. One arena: the others are never trimmed to one top, but unmapped.
            return SetOption(MmapThreshold, 32 * Mebibyte) == 1
                & SetOption(TrimThreshold, int.MaxValue) == 1
                & SetOption(TopPad, 64 * Mebibyte) == 1
                & SetOption(ArenaMax, 1) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            return false; // Another C library, such as musl.
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int SetOption(int parameter, int value);
}
