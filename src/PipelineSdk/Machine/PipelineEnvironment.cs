using PipelineSdk.Execution;
using PipelineSdk.Machine;

namespace PipelineSdk;

/// <summary>What a pipeline finds around it: cores, the native allocator, how matrix products are run in parallel.</summary>
/// <remarks>
/// Building a pipeline sets what can be set from within (allocator, affinity, intra-op threads), and logs the rest once per process. This is for printing it
/// beside figures. On Linux; elsewhere there is little to find.
/// </remarks>
public static class PipelineEnvironment
{
    // The variables that an OpenBLAS with threads of its own reads when it is loaded.
    private static readonly string[] OpenBlasVariables = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"];

    /// <summary>Looks at the process and the machine, now. Native libraries count once they are loaded: create a tensor first.</summary>
    public static EnvironmentReport Describe() => Describe(SystemSources.Real);

    internal static EnvironmentReport Describe(SystemSources sources)
    {
        var libraries = new LoadedLibraries(sources);
        var allocator = libraries.Allocator;
        var allowed = sources.AllowedCores()?.Count ?? sources.Processors;
        var limit = CpuLimit.Of(sources);
        var blas = libraries.OpenBlasFiles.Select(path => (Path: path, Threads: sources.ThreadsOfOpenBlas(path))).FirstOrDefault(entry => entry.Threads is not null);
        return new EnvironmentReport
        {
            AllowedCores = allowed,
            CpuLimit = limit,
            UsableCores = UsableCores(allowed, limit),
            Allocator = allocator,
            IsAllocatorTuned = allocator == "glibc" && NativeAllocator.IsTuned,
            HugePages = allocator == "glibc" ? HugePages.AreUsed(sources) : null,
            OpenBlas = blas.Threads switch
            {
                OpenBlasThreads.None => "without threads",
                OpenBlasThreads.Own => "with threads of its own (pthreads)",
                OpenBlasThreads.OpenMP => "with OpenMP",
                _ => null,
            },
            Problems = [.. Problems(sources, blas)],
            Hints = [.. Hints(sources, allocator)],
        };
    }

    /// <summary>The cores to share out between workers.</summary>
    internal static int UsableCores(int allowed, double? limit) => Math.Max(1, Math.Min(allowed, limit is { } cores ? (int)Math.Ceiling(cores) : allowed));

    private static IEnumerable<string> Problems(SystemSources sources, (string Path, OpenBlasThreads? Threads) blas)
    {
        if (blas.Threads == OpenBlasThreads.Own && !Array.Exists(OpenBlasVariables, name => sources.Variable(name)?.Trim() == "1"))
        {
            yield return $"OpenBLAS ({blas.Path}) is built with threads of its own, for which workers that run at once fight: matrix products then take up to ten "
                + "times as long. Set OPENBLAS_NUM_THREADS=1 in the environment before the process starts.";
        }
    }

    private static IEnumerable<string> Hints(SystemSources sources, string? allocator)
    {
        if (allocator == "glibc" && HugePages.WouldBeGiven(sources))
        {
            yield return "Blocks of activations come and go with each micro-batch; huge pages make their page faults rarer. With glibc 2.35 or later set "
                + "GLIBC_TUNABLES=glibc.malloc.hugetlb=1 in the environment before the process starts.";
        }

        if (allocator == "jemalloc" && !(sources.Variable("MALLOC_CONF") ?? "").Contains("decay", StringComparison.Ordinal))
        {
            yield return "jemalloc gives blocks of activations back to the system and faults them in again. Set "
                + "MALLOC_CONF=dirty_decay_ms:-1,muzzy_decay_ms:-1 in the environment before the process starts.";
        }
    }
}
