using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PipelineSdk.Tests.Schedules;

/// <summary>The processor time of the calling thread, so that a budget means the same on a busy machine; wall-clock time where
/// there is none.</summary>
internal static class CpuClock
{
    private const int ThreadCpuTime = 3;

    /// <summary>Runs an action up to five times, until it stays within its budget, and returns the least time it took.</summary>
    public static TimeSpan Best(TimeSpan budget, Action action)
    {
        var best = TimeSpan.MaxValue;
        for (int i = 0; i < 5 && best > budget; i++)
        {
            var start = Now();
            action();
            var took = Now() - start;
            best = took < best ? took : best;
        }

        return best;
    }

    private static TimeSpan Now()
    {
        if (OperatingSystem.IsLinux() && IntPtr.Size == 8 && GetTime(ThreadCpuTime, out var time) == 0)
        {
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0);
        }

        return Stopwatch.GetElapsedTime(0);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
