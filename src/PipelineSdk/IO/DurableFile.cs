using System.Runtime.InteropServices;

namespace PipelineSdk.IO;

/// <summary>Files that are there as a whole or not at all, also after a power failure.</summary>
internal static partial class DurableFile
{
    /// <summary>
    /// Writes beside the file, has the disk keep it, and puts it in the file's place. If anything fails, a file that stood there is left as it was.
    /// </summary>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        AtomicFile.Write(path, write);
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
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
