using System.Globalization;
using System.Text.RegularExpressions;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Fills the placeholders of a file name.</summary>
internal static partial class GanttFileName
{
    private const string Pipeline = "{pipeline}";
    private const string Time = "{time}";
    private const string Process = "{pid}";

    // What some file system refuses, so that a name means the same everywhere.
    private static readonly char[] Refused = [.. "\\/:*?\"<>|", .. Enumerable.Range(0, 32).Select(code => (char)code)];

    /// <summary>What is wrong with a pattern, as the end of a sentence; null where it is right.</summary>
    public static string? WrongIn(string pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern)) return "is empty; a name such as {pipeline} is needed";
        var literal = Placeholder().Replace(pattern, "");
        foreach (Match match in Placeholder().Matches(pattern))
        {
            if (match.Value is not (Pipeline or Time or Process)) return $"is \"{pattern}\"; {match.Value} is not known, only {Pipeline}, {Time} and {Process} are";
        }

        var at = literal.IndexOfAny(Refused);
        return at < 0 ? null : $"is \"{pattern}\"; a file name cannot hold '{literal[at]}', and the folder is named by {nameof(GanttExporterOptions.Directory)}";
    }

    /// <summary>The name of a pipeline's files, without their ending.</summary>
    public static string Of(string pattern, string pipeline, DateTimeOffset startedAt) => Placeholder().Replace(pattern, match => match.Value switch
    {
        Pipeline => Carried(pipeline),
        Time => startedAt.UtcDateTime.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture),
        _ => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
    });

    private static string Carried(string name)
    {
        var carried = string.Concat(PlainText.Of(name).Select(letter => Refused.Contains(letter) ? '_' : letter)).Trim(' ', '.');
        return carried.Length switch
        {
            0 => "pipeline",
            > 100 => carried[..100],
            _ => carried,
        };
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Placeholder();
}
