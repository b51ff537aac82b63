namespace PipelineSdk.Machine;

/// <summary>Whether the C library's allocator gets huge pages.</summary>
internal static class HugePages
{
    private const string Tunable = "glibc.malloc.hugetlb=";

    /// <summary>Whether glibc was told to ask for them, or the kernel gives them unasked.</summary>
    public static bool AreUsed(SystemSources sources) => Mode(sources) == "always" || (Mode(sources) == "madvise" && IsAsked(sources));

    /// <summary>Whether the kernel would give them to who asks, and nobody does.</summary>
    public static bool WouldBeGiven(SystemSources sources) => Mode(sources) == "madvise" && !IsAsked(sources);

    private static bool IsAsked(SystemSources sources)
        => (sources.Variable("GLIBC_TUNABLES") ?? "").Split(':').Any(static entry => entry.StartsWith(Tunable, StringComparison.Ordinal) && entry != $"{Tunable}0");

    // "always [madvise] never"
    private static string? Mode(SystemSources sources)
        => sources.IsLinux && sources.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled") is { } modes
            && modes.IndexOf('[', StringComparison.Ordinal) is >= 0 and var start && modes.IndexOf(']', start) is >= 0 and var end
                ? modes[(start + 1)..end]
                : null;
}
