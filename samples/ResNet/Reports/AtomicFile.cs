namespace ResNet.Reports;

/// <summary>Writes a file aside, syncs it to the disk and renames it: readers see the old one or the new one, whole.</summary>
internal static class AtomicFile
{
    /// <exception cref="IOException">The file could not be written; what was there before is untouched.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var aside = $"{full}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(aside, full, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
