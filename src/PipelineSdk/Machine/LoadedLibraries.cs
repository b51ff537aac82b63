namespace PipelineSdk.Machine;

/// <summary>The native libraries of this process, from <c>/proc/self/maps</c>.</summary>
internal sealed class LoadedLibraries
{
    private static readonly (string Prefix, string Name)[] Allocators =
        [("libjemalloc", "jemalloc"), ("libtcmalloc", "tcmalloc"), ("libmimalloc", "mimalloc"), ("ld-musl", "musl"), ("libc.so", "glibc"), ("libc-2", "glibc")];

    private readonly List<string> paths;

    public LoadedLibraries(SystemSources sources) => paths =
        [.. (sources.IsLinux ? sources.ReadFile("/proc/self/maps") ?? "" : "").Split('\n')
            // address perms offset device inode path: the path begins at the first slash, and may have blanks.
            .Select(static line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? line[slash..].TrimEnd() : "")
            .Where(static path => path.Length > 0)
            .Distinct()];

    /// <summary>Whose malloc the process uses: a library that was loaded before the C library's; null where it can't be told.</summary>
    public string? Allocator => Allocators
        .Where(allocator => paths.Exists(path => FileName(path).StartsWith(allocator.Prefix, StringComparison.Ordinal)))
        .Select(allocator => allocator.Name)
        .FirstOrDefault();

    /// <summary>Libraries that are, or may be, OpenBLAS.</summary>
    public IEnumerable<string> OpenBlasFiles => paths.Where(static path => FileName(path).Contains("openblas", StringComparison.Ordinal));

    private static string FileName(string path) => path[(path.LastIndexOf('/') + 1)..];
}
