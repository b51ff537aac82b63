namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>A folder of a test's own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("pipelinesdk-");

    public IEnumerable<string> Files => folder.EnumerateFiles().Select(file => file.Name);

    public string this[string name] => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}
