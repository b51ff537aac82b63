using ResNet.Reports;

namespace PipelineSdk.Samples.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_and_nothing_else()
    {
        AtomicFile.Write(folder["weights"], stream => stream.Write("old"u8));

        Assert.Throws<IOException>(() => AtomicFile.Write(folder["weights"], stream =>
        {
            stream.Write("ne"u8);
            throw new IOException("disk full");
        }));

        Assert.Equal("old", File.ReadAllText(folder["weights"]));
        Assert.Equal(["weights"], folder.FileNames);
    }

    [Fact]
    public void A_write_replaces_the_old_file_and_makes_its_folder()
    {
        var path = Path.Combine(folder["below"], "weights");

        AtomicFile.Write(path, stream => stream.Write("old, and longer"u8));
        AtomicFile.Write(path, stream => stream.Write("new"u8));

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFiles(folder["below"]));
    }
}
