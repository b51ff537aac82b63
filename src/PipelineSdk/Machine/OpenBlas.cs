using System.Runtime.InteropServices;

namespace PipelineSdk.Machine;

/// <summary>How an OpenBLAS runs in parallel: what <c>openblas_get_parallel</c> returns.</summary>
internal enum OpenBlasThreads
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>On one team of its own for the whole process, whatever the number of intra-op threads of the caller.</summary>
    Own = 1,

    /// <summary>On the caller's OpenMP team.</summary>
    OpenMP = 2,
}

/// <summary>Asks an OpenBLAS in this process how it was built. File names do not tell: Debian's OpenMP build is called libopenblasp too.</summary>
internal static class OpenBlas
{
    // With 64-bit integers names have a suffix; the copies in SciPy's packages a prefix.
    private static readonly string[] Names =
        ["openblas_get_parallel", "openblas_get_parallel64_", "scipy_openblas_get_parallel", "scipy_openblas_get_parallel64_"];

    /// <param name="path">The file that it is loaded from.</param>
    public static unsafe OpenBlasThreads? ThreadsOf(string path)
    {
        // It is loaded already: this only counts one use more.
        if (!NativeLibrary.TryLoad(path, out var library)) return null;
        foreach (var name in Names)
        {
            if (!NativeLibrary.TryGetExport(library, name, out var function)) continue;
            var threads = ((delegate* unmanaged[Cdecl]<int>)function)();
            return threads is >= 0 and <= 2 ? (OpenBlasThreads)threads : null;
        }

        return null;
    }
}
