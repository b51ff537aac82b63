using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using PipelineSdk.Package.Tests.Harness;

namespace PipelineSdk.Package.Tests;

/// <summary>What lies in the packages.</summary>
[Collection(PackedFeedGroup.Name)]
public sealed class PackageContentTests(PackedFeed feed)
{
    private static readonly string[] Packages = ["PipelineSdk", "PipelineSdk.OpenTelemetry", "PipelineSdk.Terminal"];

    [Fact]
    public void PipelineSdk_carries_the_library_the_generator_and_the_build_files_and_nothing_else()
    {
        using var package = feed.Open("PipelineSdk");
        Assert.Equal(
        [
            "PipelineSdk.nuspec",
            "README.md",
            "analyzers/dotnet/cs/PipelineSdk.CodeFixes.dll",
            "analyzers/dotnet/cs/PipelineSdk.Generators.dll",
            "build/net8.0/PipelineSdk.props",
            "build/net8.0/PipelineSdk.targets",
            "buildTransitive/net8.0/PipelineSdk.props",
            "buildTransitive/net8.0/PipelineSdk.targets",
            "lib/net10.0/PipelineSdk.dll",
            "lib/net10.0/PipelineSdk.xml",
            "lib/net8.0/PipelineSdk.dll",
            "lib/net8.0/PipelineSdk.xml",
        ], package.Files);
    }

    [Theory]
    [InlineData("PipelineSdk.OpenTelemetry")]
    [InlineData("PipelineSdk.Terminal")]
    public void The_other_packages_carry_their_library_and_nothing_else(string id)
    {
        using var package = feed.Open(id);
        Assert.Equal(
            [$"{id}.nuspec", "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml", $"lib/net8.0/{id}.dll", $"lib/net8.0/{id}.xml"], package.Files);
    }

    [Fact]
    public void Symbol_packages_carry_the_symbols_of_the_libraries_with_all_sources_inside()
    {
        foreach (var id in Packages)
        {
            using var symbols = feed.Open(id, "snupkg");
            Assert.Equal([$"{id}.nuspec", $"lib/net10.0/{id}.pdb", $"lib/net8.0/{id}.pdb"], symbols.Files);
            foreach (var pdb in symbols.Files.Where(file => file.EndsWith(".pdb", StringComparison.Ordinal)))
            {
                using var provider = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols.Read(pdb)));
                var reader = provider.GetMetadataReader();
                Assert.NotEmpty(reader.Documents);
                Assert.All(reader.Documents, document => Assert.True(HasSource(reader, document), NameOf(reader, document)));
            }
        }
    }

    [Fact]
    public void Dependencies_are_the_published_packages_also_where_stand_ins_took_their_place()
    {
        using var sdk = feed.Open("PipelineSdk");
        using var telemetry = feed.Open("PipelineSdk.OpenTelemetry");
        using var terminal = feed.Open("PipelineSdk.Terminal");
        foreach (var framework in new[] { "net8.0", "net10.0" })
        {
            Assert.Equal(
            [
                Needs("Microsoft.Extensions.DependencyInjection.Abstractions"),
                Needs("Microsoft.Extensions.Logging.Abstractions"),
                Needs("Microsoft.Extensions.Options"),
                Needs("TorchSharp"),
            ], sdk.Dependencies(framework));
            // All: whoever adds one of these packages alone gets the generator too.
            Assert.Equal([Needs("OpenTelemetry"), $"PipelineSdk {PackedFeed.Version} All"], telemetry.Dependencies(framework));
            Assert.Equal([$"PipelineSdk {PackedFeed.Version} All", Needs("Spectre.Console")], terminal.Dependencies(framework));
        }

        static string Needs(string id) => $"{id} {BuildSettings.VersionOf(id)} Build,Analyzers";
    }

    [Fact]
    public void The_generator_needs_nothing_that_a_compiler_lacks()
    {
        using var package = feed.Open("PipelineSdk");
        using var image = new PEReader(new MemoryStream(package.Read("analyzers/dotnet/cs/PipelineSdk.Generators.dll")));
        var reader = image.GetMetadataReader();
        var references = reader.AssemblyReferences.Select(reader.GetAssemblyReference)
            .Select(reference => $"{reader.GetString(reference.Name)} {reference.Version.ToString(2)}").Order(StringComparer.Ordinal);
        Assert.Equal(
            ["Microsoft.CodeAnalysis 4.8", "Microsoft.CodeAnalysis.CSharp 4.8", "System.Collections.Immutable 7.0", "netstandard 2.0"], references);
    }

    [Fact]
    public void Packages_say_what_they_are()
    {
        foreach (var id in Packages)
        {
            using var package = feed.Open(id);
            Assert.Equal(id, package.Metadata("id")?.Value);
            Assert.Equal(PackedFeed.Version, package.Metadata("version")?.Value);
            Assert.Equal("README.md", package.Metadata("readme")?.Value);
            Assert.Equal("git", package.Metadata("repository")?.Attribute("type")?.Value);
            foreach (var text in new[] { "authors", "description", "tags" }) Assert.NotEmpty(package.Metadata(text)?.Value ?? "");
            Assert.StartsWith($"# {id}\n", Encoding.UTF8.GetString(package.Read("README.md")), StringComparison.Ordinal);
        }
    }

    [ReleaseFact]
    public void Nothing_in_a_package_names_the_folder_it_was_built_in()
    {
        var folder = Encoding.UTF8.GetBytes(BuildSettings.RepositoryRoot);
        foreach (var id in Packages)
        {
            foreach (var extension in new[] { "nupkg", "snupkg" })
            {
                using var package = feed.Open(id, extension);
                Assert.All(package.Files, file => Assert.True(package.Read(file).AsSpan().IndexOf(folder) < 0, file));
            }
        }

        // The generator's symbols are inside it, and compressed.
        using var sdk = feed.Open("PipelineSdk");
        using var image = new PEReader(new MemoryStream(sdk.Read("analyzers/dotnet/cs/PipelineSdk.Generators.dll")));
        var embedded = image.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.EmbeddedPortablePdb);
        using var provider = image.ReadEmbeddedPortablePdbDebugDirectoryData(embedded);
        var symbols = provider.GetMetadataReader();
        Assert.All(symbols.Documents, document => Assert.StartsWith("/_/", NameOf(symbols, document), StringComparison.Ordinal));
    }

    private static string NameOf(MetadataReader reader, DocumentHandle document) =>
        reader.GetString(reader.GetDocument(document).Name);

    // The kind of an embedded source, from the portable PDB format.
    private static bool HasSource(MetadataReader reader, DocumentHandle document) => reader.GetCustomDebugInformation(document)
        .Select(reader.GetCustomDebugInformation)
        .Any(information => reader.GetGuid(information.Kind) == new Guid("0E8A571B-6926-466E-B4AD-8AB04611F5FE"));
}
