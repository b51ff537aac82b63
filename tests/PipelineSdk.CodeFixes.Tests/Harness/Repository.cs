using System.Runtime.CompilerServices;

namespace PipelineSdk.CodeFixes.Tests.Harness;

/// <summary>Files of the repository that tests read.</summary>
internal static class Repository
{
    public static string Folder(string path) => Path.Combine(Root(), path);

    // A deterministic build maps the path of the sources; then the tests run from artifacts/bin in the repository.
    private static string Root([CallerFilePath] string file = "")
    {
        var folder = Path.GetDirectoryName(file);
        if (!Directory.Exists(folder)) folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "PipelineSdk.sln"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests must run inside the repository.");
    }
}
