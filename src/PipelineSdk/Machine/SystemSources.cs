using PipelineSdk.Execution;

namespace PipelineSdk.Machine;

/// <summary>Where what is known of the machine and the process comes from. Tests give their own.</summary>
internal sealed record SystemSources
{
    /// <summary>The machine at hand.</summary>
    public static SystemSources Real { get; } = new();

    /// <summary>The text of a file; null where there is none or it can't be read.</summary>
    public Func<string, string?> ReadFile { get; init; } = TryRead;

    /// <summary>The value of an environment variable as it was when the process started; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>The cores that the process may run on; null where the system has no way to ask.</summary>
    public Func<IReadOnlyList<int>?> AllowedCores { get; init; } = ThreadAffinity.AllowedCores;

    /// <summary>Cores where <see cref="AllowedCores"/> says nothing.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether there are the files that Linux has.</summary>
    public bool IsLinux { get; init; } = OperatingSystem.IsLinux();

    /// <summary>How an OpenBLAS that is loaded from this file runs in parallel; null where it does not say.</summary>
    public Func<string, OpenBlasThreads?> ThreadsOfOpenBlas { get; init; } = OpenBlas.ThreadsOf;

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
