using ResNet.Data;

namespace PipelineSdk.Samples.Tests;

public sealed class CifarFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Labels_and_pixels_of_several_files_follow_one_another()
    {
        var first = CifarFiles.Write(folder, "data_batch_1.bin", CifarFiles.Records(3, 9));
        var second = CifarFiles.Write(folder, "data_batch_2.bin", CifarFiles.Records(0));

        var set = CifarFile.Read([first, second]);

        Assert.Equal([3, 9, 0], set.Labels);
        Assert.Equal([1, 2, 3], set.Image(1)[..3].ToArray());
        Assert.Equal([0, 1, 2], set.Image(2)[..3].ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(3072)]
    public void A_file_cut_off_anywhere_is_an_error_that_names_it(int missing)
    {
        var path = CifarFiles.Write(folder, "data_batch_1.bin", CifarFiles.Records(1, 2)[..^missing]);

        var error = Assert.Throws<InvalidDataException>(() => CifarFile.Read([path]));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("again", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_an_error_that_names_it()
    {
        var path = CifarFiles.Write(folder, "test_batch.bin", []);

        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => CifarFile.Read([path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_is_none_is_an_error_that_names_file_and_image()
    {
        var path = CifarFiles.Write(folder, "test_batch.bin", CifarFiles.Records(4, 10));

        var message = Assert.Throws<InvalidDataException>(() => CifarFile.Read([path])).Message;

        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.Contains("image 1 has label 10", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("cifar10")]
    [InlineData("cifar-10-batches-bin")]
    public void The_files_are_found_in_the_folder_named_or_in_the_one_below(string below)
    {
        Directory.CreateDirectory(folder[below]);
        CifarFiles.Write(folder, Path.Combine(below, "data_batch_1.bin"), CifarFiles.Records(1, 2));
        CifarFiles.Write(folder, Path.Combine(below, "test_batch.bin"), CifarFiles.Records(7));

        var data = CifarFolder.Read(CifarFolder.Find(folder.Path)!);

        Assert.Equal([1, 2], data.Train.Labels);
        Assert.Equal([7], data.Test.Labels);
        Assert.False(data.Synthetic);
    }

    [Fact]
    public async Task A_folder_without_the_files_is_an_error_that_says_what_is_expected()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => DataSource.OpenAsync(folder.Path, 1, _ => { }, default));

        Assert.Contains(folder.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("data_batch_1.bin", error.Message, StringComparison.Ordinal);
    }
}
