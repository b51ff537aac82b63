namespace ResNet.Data;

/// <summary>Decides which images to use: the folder asked for, else the download, else images made here.</summary>
internal static class DataSource
{
    public const string EnvironmentVariable = "PIPELINESDK_DATA";
    private const int SyntheticTrain = 10_000;
    private const int SyntheticTest = 2_000;

    /// <param name="folder">The folder that the user named; null for none.</param>
    /// <param name="seed">For images made here.</param>
    /// <param name="say">Takes a line for the user.</param>
    /// <param name="cancellationToken">Ends a download.</param>
    /// <exception cref="InvalidDataException">The folder named has no CIFAR-10, or a file in it is damaged.</exception>
    public static async Task<DataSet> OpenAsync(string? folder, int seed, Action<string> say, CancellationToken cancellationToken)
    {
        if (folder is not null)
        {
            return CifarFolder.Read(CifarFolder.Find(folder) ?? throw new InvalidDataException(
                $"{Path.GetFullPath(folder)} has no CIFAR-10: data_batch_1.bin and test_batch.bin are expected there, " +
                $"or in cifar10 or cifar-10-batches-bin below it."));
        }

        if (CifarFolder.Find(CifarDownload.DefaultFolder) is { } downloaded)
        {
            return CifarFolder.Read(downloaded);
        }

        try
        {
            await CifarDownload.FetchAsync(CifarDownload.DefaultFolder, say, cancellationToken);
            return CifarFolder.Read(CifarFolder.Find(CifarDownload.DefaultFolder)
                ?? throw new InvalidDataException("the archive holds no CIFAR-10 batches"));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var data = SyntheticImages.Create(SyntheticTrain, SyntheticTest, seed, $"CIFAR-10 could not be downloaded ({error.Message})");
            say($"data: {data.Source}. For CIFAR-10 name a folder with its binary version: --data DIR or {EnvironmentVariable}.");
            return data;
        }
    }
}
