using PipelineSdk.IO;
using PipelineSdk.OpenTelemetry.Tests.Support;
using Xunit;

namespace PipelineSdk.Tests.IO;

public sealed class AtomicFileTests
{
    [Fact]
    public void An_existing_file_survives_a_write_that_fails_half_way_and_nothing_is_left_beside_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["gantt.svg"], "old");

        var failure = Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(folder["gantt.svg"], stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new InvalidOperationException("half way");
        }));

        Assert.Equal("half way", failure.Message);
        Assert.Equal("old", File.ReadAllText(folder["gantt.svg"]));
        Assert.Equal(["gantt.svg"], folder.Files);
    }

    [Fact]
    public void A_file_is_replaced_and_its_folder_made()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder["results"], "deep", "gantt.svg");

        AtomicFile.Write(path, stream => stream.WriteByte((byte)'1'));
        AtomicFile.Write(path, stream => stream.WriteByte((byte)'2'));

        Assert.Equal("2", File.ReadAllText(path));
        Assert.Single(Directory.EnumerateFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_folder_in_the_files_place_is_named_in_the_error()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["gantt.svg"]);

        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(folder["gantt.svg"], _ => Assert.Fail("written")));

        Assert.Contains(folder["gantt.svg"], failure.Message, StringComparison.Ordinal);
    }
}
