namespace PipelineSdk.Tests.Checkpoints;

/// <summary>A folder for the files of one test.</summary>
internal sealed class CheckpointFolder : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    public string File => Path.Combine(folder, "net.ckpt");

    public IEnumerable<string> Files => Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
