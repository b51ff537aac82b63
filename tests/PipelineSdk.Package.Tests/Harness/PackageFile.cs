using System.IO.Compression;
using System.Xml.Linq;

namespace PipelineSdk.Package.Tests.Harness;

/// <summary>A packed package, read as the zip file it is.</summary>
internal sealed class PackageFile(string path) : IDisposable
{
    private readonly ZipArchive zip = ZipFile.OpenRead(path);

    /// <summary>What the package carries, sorted; without the files that every package has (OPC, ECMA-376 part 2).</summary>
    public IReadOnlyList<string> Files => [.. zip.Entries
        .Select(entry => entry.FullName)
        .Where(name => name != "[Content_Types].xml" && !name.StartsWith("_rels/", StringComparison.Ordinal)
            && !name.StartsWith("package/services/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal)];

    /// <summary>The bytes of one of the files.</summary>
    public byte[] Read(string file)
    {
        using var content = zip.GetEntry(file)!.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>An element of the package's metadata, by its name; null where there is none.</summary>
    public XElement? Metadata(string name)
    {
        var manifest = Files.Single(file => file.EndsWith(".nuspec", StringComparison.Ordinal));
        var metadata = XElement.Load(new MemoryStream(Read(manifest))).Elements().Single();
        return metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name);
    }

    /// <summary>What the package needs on a framework: <c>id version include exclude</c>, sorted.</summary>
    public IReadOnlyList<string> Dependencies(string framework) => [.. Metadata("dependencies")!.Elements()
        .Single(group => (string?)group.Attribute("targetFramework") == framework).Elements()
        .Select(dependency => string.Join(' ', dependency.Attributes().Select(attribute => attribute.Value)))
        .Order(StringComparer.Ordinal)];

    public void Dispose() => zip.Dispose();
}
