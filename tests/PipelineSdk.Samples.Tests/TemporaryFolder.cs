namespace PipelineSdk.Samples.Tests;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Path = Directory.CreateTempSubdirectory("pipelinesdk-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public IEnumerable<string> FileNames => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)!).Order();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
