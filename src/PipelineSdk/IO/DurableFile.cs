using System.Runtime.InteropServices;

namespace PipelineSdk.IO;

/// <summary>Files that are there as a whole or not at all, also after a power failure.</summary>
internal static partial class DurableFile
{
    /// <summary>
    /// Writes beside the file, has the disk keep it, and puts it in the file's place. If anything fails, a file that stood there is left as it was.
    /// </summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var target = Path.GetFullPath(path);
        if (Directory.Exists(target)) throw new IOException($"'{target}' is a folder, not a file to write to.");
        var folder = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(folder);
        var aside = Path.Combine(folder, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, target, overwrite: true);
        }
        catch
        {
            TryDelete(aside);
            throw;
        }

        FlushFolder(folder);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The first error is the one to report.
        }
    }

    // The new name is kept by the folder. Windows keeps it with the file; where a file system can't, there is no more to be done.
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) return;
        var descriptor = Open(folder, 0);
        if (descriptor < 0) return;
        _ = Sync(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
