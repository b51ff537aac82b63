namespace ResNet.Data;

/// <summary>Finds the files of CIFAR-10 in a folder, or in the folder below it that the archive or a shared copy has.</summary>
internal static class CifarFolder
{
    private static readonly string[] Below = [".", "cifar10", "cifar-10-batches-bin"];

    /// <summary>The folder at or below <paramref name="path"/> that holds the files, or null.</summary>
    public static string? Find(string path) => Below
        .Select(name => Path.GetFullPath(Path.Combine(path, name)))
        .FirstOrDefault(folder => TrainingFiles(folder).Count > 0 && File.Exists(TestFile(folder)));

    /// <summary>Reads the training batches that are there (up to five) and the test batch.</summary>
    /// <exception cref="InvalidDataException">A file is cut off or not CIFAR-10; the message names it.</exception>
    public static DataSet Read(string folder) => new(
        CifarFile.Read(TrainingFiles(folder)), CifarFile.Read([TestFile(folder)]), $"CIFAR-10 from {folder}", Synthetic: false);

    private static List<string> TrainingFiles(string folder) =>
        [.. Enumerable.Range(1, 5).Select(number => Path.Combine(folder, $"data_batch_{number}.bin")).Where(File.Exists)];

    private static string TestFile(string folder) => Path.Combine(folder, "test_batch.bin");
}
