namespace PipelineSdk.Package.Tests.Harness;

/// <summary>The packages, packed once into a feed of this run's own, and the folder that projects restore them to.</summary>
public sealed class PackedFeed : IAsyncLifetime
{
    private readonly string run = Path.Combine(BuildSettings.ArtifactsPath, "package-tests", Guid.NewGuid().ToString("N"));

    /// <summary>
    /// The version packed: the product's, marked, so that no cache or feed of this machine has it already.
    /// </summary>
    internal static string Version { get; } = BuildSettings.Version + "-packed";

    internal string Folder => Path.Combine(run, "feed");

    internal string PackagesFolder => Path.Combine(run, "packages");

    /// <summary>Opens a packed package.</summary>
    /// <param name="id">The package's id.</param>
    /// <param name="extension"><c>nupkg</c>, or <c>snupkg</c> for its symbols.</param>
    internal PackageFile Open(string id, string extension = "nupkg") => new(Path.Combine(Folder, $"{id}.{Version}.{extension}"));

    async Task IAsyncLifetime.InitializeAsync()
    {
        Directory.CreateDirectory(Folder);
        var project = Path.Combine(BuildSettings.RepositoryRoot, "tests", "PipelineSdk.Package.Tests", "Harness", "Feed.proj");
        var packed = await DotNet.Run(
            BuildSettings.RepositoryRoot, BuildSettings.PackagesFolder, "msbuild", project, "-nologo", "-v:m", "-m",
            $"-p:Configuration={BuildSettings.Configuration}", $"-p:PackedVersion={Version}", $"-p:Feed={Folder}");
        packed.Succeeded().WithoutWarning();
    }

    Task IAsyncLifetime.DisposeAsync()
    {
        Directory.Delete(run, recursive: true);
        return Task.CompletedTask;
    }
}
