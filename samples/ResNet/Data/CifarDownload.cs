using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace ResNet.Data;

/// <summary>Downloads CIFAR-10 from its home page once, into the user's own data folder.</summary>
internal static class CifarDownload
{
    private const string ArchiveMd5 = "c32a1d4ab5d03f1284b67883e8d87530";
    private static readonly Uri Address = new("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz");
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(20);

    public static string DefaultFolder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "PipelineSdk", "cifar-10");

    /// <summary>Fetches the archive, checks it, unpacks it aside and renames it to <paramref name="folder"/>.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached or refuses.</exception>
    /// <exception cref="IOException">The connection stalls, or the folder cannot be written.</exception>
    /// <exception cref="InvalidDataException">What came is not the archive that is expected.</exception>
    public static async Task FetchAsync(string folder, Action<string> say, CancellationToken cancellationToken)
    {
        var aside = $"{folder}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(aside);
        try
        {
            say($"downloading CIFAR-10 (162 MB) from {Address.Host} to {folder}");
            var archive = Path.Combine(aside, "archive.tar.gz");
            await DownloadAsync(archive, cancellationToken);
            await CheckAsync(archive, cancellationToken);
            await UnpackAsync(archive, aside, cancellationToken);
            File.Delete(archive);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.Move(aside, folder);
        }
        finally
        {
            if (Directory.Exists(aside))
            {
                Directory.Delete(aside, recursive: true);
            }
        }
    }

    private static async Task DownloadAsync(string path, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(StallTimeout);
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var response = await client.GetAsync(Address, HttpCompletionOption.ResponseHeadersRead, stall.Token);
            response.EnsureSuccessStatusCode();
            await using var from = await response.Content.ReadAsStreamAsync(stall.Token);
            await using var to = File.Create(path);
            var buffer = new byte[1 << 16];
            for (int read; (read = await from.ReadAsync(buffer, stall.Token)) > 0;)
            {
                await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                stall.CancelAfter(StallTimeout);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{Address.Host} did not answer in time");
        }
    }

    private static async Task CheckAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
#pragma warning disable CA5351 // The data set's home page publishes no other sum; it guards against a cut-off file, not against an attacker.
        var sum = Convert.ToHexStringLower(await MD5.HashDataAsync(file, cancellationToken));
#pragma warning restore CA5351
        if (sum != ArchiveMd5)
        {
            throw new InvalidDataException($"what {Address.Host} sent is not the CIFAR-10 archive: its MD5 is {sum}, not {ArchiveMd5}");
        }
    }

    private static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(archive);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unzipped, folder, overwriteFiles: false, cancellationToken);
    }
}
