using System.Reflection;

namespace PipelineSdk.Package.Tests.Harness;

/// <summary>Properties of the build that made this assembly.</summary>
internal static class BuildSettings
{
    private static readonly Dictionary<string, string?> Values = typeof(BuildSettings).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().ToDictionary(item => item.Key, item => item.Value);

    /// <summary>The repository's folder, without a separator at the end.</summary>
    public static string RepositoryRoot { get; } = Path.TrimEndingDirectorySeparator(Values["RepositoryRoot"]!);

    public static string ArtifactsPath { get; } = Values["ArtifactsPath"]!;

    public static string Configuration { get; } = Values["Configuration"]!;

    /// <summary>The version of the packages, as <c>dotnet pack</c> gives it.</summary>
    public static string Version { get; } = Values["Version"]!;

    /// <summary>Where this machine keeps restored packages.</summary>
    public static string PackagesFolder { get; } = Values["PackagesFolder"]!;

    /// <summary>The version that Directory.Packages.props gives a package.</summary>
    public static string VersionOf(string package) => Values["PackageVersion/" + package]!;

    /// <summary>The version to reference: where a stand-in takes a package's place, the stand-in's own.</summary>
    public static string ReferencedVersionOf(string package) =>
        IsStoodInFor(package) ? $"{System.Version.Parse(VersionOf(package)).ToString(2)}.999-standin" : VersionOf(package);

    public static bool IsStoodInFor(string package) => package switch
    {
        "TorchSharp" => Values["TorchSharpStandIn"] == "true",
        "OpenTelemetry.Exporter.Console" => Values["ConsoleExporterStandIn"] == "true",
        _ => false,
    };
}
