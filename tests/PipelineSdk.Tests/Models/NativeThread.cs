using System.Runtime.InteropServices;

namespace PipelineSdk.Tests.Models;

/// <summary>Ends the calling thread as native code can: no managed frame of it sees an exception or runs a finally.</summary>
internal static partial class NativeThread
{
    public static void Exit() => Exit(0);

    [LibraryImport("libc", EntryPoint = "pthread_exit")]
    private static partial void Exit(nint value);
}
