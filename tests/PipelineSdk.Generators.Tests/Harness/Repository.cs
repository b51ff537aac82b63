using System.Runtime.CompilerServices;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Files of the repository that tests read, or rewrite on request.</summary>
internal static class Repository
{
    public static string PathOf(params string[] parts) => Path.Combine([Root(), .. parts]);

    public static string Read(params string[] parts)
        => File.ReadAllText(PathOf(parts)).Replace("\r\n", "\n", StringComparison.Ordinal);

    // This file stands at tests/PipelineSdk.Generators.Tests/Harness.
    private static string Root([CallerFilePath] string file = "")
    {
        var folder = Path.GetDirectoryName(file);
        if (!Directory.Exists(folder))
        {
            // A deterministic build maps the path of the sources; then the tests run from artifacts/bin in the repository.
            folder = AppContext.BaseDirectory;
        }

        for (; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "PipelineSdk.sln"))) return folder;
        }

        throw new InvalidOperationException("The tests must run inside the repository.");
    }
}
