namespace PipelineSdk.Package.Tests.Harness;

/// <summary>
/// Projects outside the repository: a folder in the system's temporary one, with a nuget.config that adds the packed feed to the
/// machine's sources. What the machine has restored already is read from where it is; what is new goes to the run's own folder.
/// </summary>
internal sealed class ForeignFolder : IDisposable
{
    private readonly PackedFeed feed;

    public ForeignFolder(PackedFeed feed)
    {
        this.feed = feed;
        Root = Directory.CreateTempSubdirectory("PipelineSdk.Package.Tests-").FullName;
        Assert.False(Root.StartsWith(BuildSettings.RepositoryRoot, StringComparison.Ordinal), $"{Root} lies inside the repository");
        Write("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{feed.Folder}" />
              </packageSources>
              <fallbackPackageFolders>
                <clear />
                <add key="machine" value="{BuildSettings.PackagesFolder}" />
              </fallbackPackageFolders>
            </configuration>
            """);
    }

    public string Root { get; }

    public string Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Copies a file of this test project's folder Foreign.</summary>
    public string Copy(string file) => Write(file, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Foreign", file)));

    /// <summary>Writes a project as <c>dotnet new</c> does, with references to packages, and to TorchSharp.</summary>
    public string WriteProject(string name, string properties, params string[] references) => Write($"{name}/{name}.csproj", $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <!-- Asks a source for advisories, which a mirror may not have. -->
            <NuGetAudit>false</NuGetAudit>
            {properties}
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", references.Concat(TorchSharp))}
          </ItemGroup>
        </Project>
        """);

    public Task<DotNetResult> Build(string project, params string[] arguments) =>
        DotNet.Run(Root, feed.PackagesFolder, ["build", project, "-nologo", "-v:m", "-clp:NoSummary", .. arguments]);

    /// <summary>Runs what <see cref="Build"/> made of a project for .NET 10.</summary>
    public Task<DotNetResult> Run(string project) =>
        DotNet.Run(Root, feed.PackagesFolder, Path.Combine(project, "bin", "Debug", "net10.0", project + ".dll"));

    public static string Packed(string id) => $"""<PackageReference Include="{id}" Version="{PackedFeed.Version}" />""";

    public static string Published(string id) =>
        $"""<PackageReference Include="{id}" Version="{BuildSettings.ReferencedVersionOf(id)}" />""";

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>TorchSharp and its native part, which the stand-in has in the same package.</summary>
    private static IEnumerable<string> TorchSharp => BuildSettings.IsStoodInFor("TorchSharp")
        ? [Published("TorchSharp")]
        : [Published("TorchSharp"), Published("TorchSharp-cpu")];
}
