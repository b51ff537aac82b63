namespace PipelineSdk;

/// <summary>A checkpoint can't be read, or is one of another model or optimizer. Nothing has been changed.</summary>
public sealed class CheckpointException : Exception
{
    internal CheckpointException(string path, string message, Exception? inner = null)
        : base($"{path}: {message}", inner) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }
}
