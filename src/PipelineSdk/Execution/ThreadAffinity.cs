using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PipelineSdk.Execution;

/// <summary>Binds the calling thread to cores, on Linux and Windows.</summary>
internal static partial class ThreadAffinity
{
    private const int WordBits = 64;
    private const int Words = 16;

    /// <summary>The cores this thread may run on; null where the system has no way to ask.</summary>
    public static IReadOnlyList<int>? AllowedCores()
    {
        var mask = new ulong[Words];
        if (OperatingSystem.IsLinux())
        {
            // The kernel's mask is as long as the machine has possible cores; the call returns how many bytes it wrote, or -1.
            if (GetAffinity(0, sizeof(ulong) * Words, mask) < 0) return null;
        }
        else if (OperatingSystem.IsWindows())
        {
            if (!GetProcessAffinity(GetCurrentProcess(), out var process, out _)) return null;
            mask[0] = process;
        }
        else
        {
            return null;
        }

        return [.. Enumerable.Range(0, WordBits * Words).Where(core => (mask[core / WordBits] >> (core % WordBits) & 1) != 0)];
    }

    /// <summary>Lets the calling thread run on these cores only.</summary>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public static void Pin(IReadOnlyList<int> cores)
    {
        var mask = new ulong[Words];
        foreach (var core in cores) mask[core / WordBits] |= 1UL << (core % WordBits);
        var pinned = OperatingSystem.IsLinux()
            ? SetAffinity(0, sizeof(ulong) * Words, mask) == 0
            : SetThreadAffinity(GetCurrentThread(), (nuint)mask[0]) != 0;
        if (!pinned) throw new Win32Exception(Marshal.GetLastPInvokeError(), $"Could not bind a worker to core(s) {string.Join(", ", cores)}.");
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static partial int GetAffinity(int thread, nuint bytes, [In, Out] ulong[] mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static partial int SetAffinity(int thread, nuint bytes, ulong[] mask);

    [LibraryImport("kernel32", EntryPoint = "GetProcessAffinityMask", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetProcessAffinity(nint process, out nuint mask, out nuint system);

    [LibraryImport("kernel32", EntryPoint = "SetThreadAffinityMask", SetLastError = true)]
    private static partial nuint SetThreadAffinity(nint thread, nuint mask);

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();
}
