namespace PipelineSdk.OpenTelemetry;

/// <summary>What Gantt files are written, where, and of which steps.</summary>
public sealed class GanttExporterOptions
{
    /// <summary>The folder of the files; it is made where it is missing. <c>results</c> below the current folder by default.</summary>
    public string Directory { get; set; } = "results";

    /// <summary>
    /// The files' name without its ending. <c>{pipeline}</c> stands for the pipeline's name, <c>{time}</c> for the moment at which the provider was built
    /// (UTC, as <c>20260102-030405</c>), <c>{pid}</c> for the number of the process. <c>{pipeline}</c> by default: a run replaces the files of the last one.
    /// </summary>
    public string FileName { get; set; } = "{pipeline}";

    /// <summary>Which kinds of files; SVG and Perfetto by default.</summary>
    public GanttFormats Formats { get; set; } = GanttFormats.Svg | GanttFormats.Perfetto;

    /// <summary>Takes steps 0, n, 2n and so on of every pipeline. A step that fails is taken too. 1, every step, by default.</summary>
    public int EveryNthStep { get; set; } = 1;

    /// <summary>
    /// How many steps of a pipeline are kept, the last ones; the files say how many are not in them. They are kept in memory, with 56 bytes per
    /// action: 1,000 steps of 64 actions are under 4 MB. 1,000 by default.
    /// </summary>
    public int MaxSteps { get; set; } = 1_000;

    /// <summary>
    /// How often files are written while the run goes on, so that one that ends abruptly leaves something; they are also written when the provider is flushed or
    /// disposed. Half a minute by default; <see cref="Timeout.InfiniteTimeSpan"/> for at the end only.
    /// </summary>
    public TimeSpan WriteInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <exception cref="ArgumentException">A value makes no sense; the message says which and what would.</exception>
    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Directory)) Refuse(nameof(Directory), "is empty; name a folder, or \".\" for the current one");
        if (EveryNthStep < 1) Refuse(nameof(EveryNthStep), $"is {EveryNthStep}; 1 takes every step, 10 every tenth");
        if (MaxSteps < 1) Refuse(nameof(MaxSteps), $"is {MaxSteps}; it is the number of steps to keep, at least 1");
        if (WriteInterval <= TimeSpan.Zero && WriteInterval != Timeout.InfiniteTimeSpan)
        {
            Refuse(nameof(WriteInterval), $"is {WriteInterval}; it must be positive, or Timeout.InfiniteTimeSpan to write at the end only");
        }

        if (Formats == GanttFormats.None || (Formats & ~GanttFormats.All) != 0)
        {
            Refuse(nameof(Formats), $"is {Formats}; name at least one of {GanttFormats.All}, and nothing else");
        }

        if (GanttFileName.WrongIn(FileName) is { } wrong) Refuse(nameof(FileName), wrong);
    }

    private static void Refuse(string option, string problem) =>
        throw new ArgumentException($"{nameof(GanttExporterOptions)}.{option} {problem}.", option);
}
