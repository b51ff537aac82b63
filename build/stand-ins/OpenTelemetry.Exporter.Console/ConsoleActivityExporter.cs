using System.Collections;
using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Resources;

namespace OpenTelemetry.Exporter;

/// <summary>Writes every activity as a block of lines, closed by an empty one.</summary>
public class ConsoleActivityExporter : ConsoleExporter<Activity>
{
    /// <summary>Takes the options.</summary>
    public ConsoleActivityExporter(ConsoleExporterOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var activity in batch)
        {
            WriteIdentity(activity);
            WriteTags("Activity.Tags:", activity.TagObjects, indent: 4);
            WriteStatus(activity);
            WriteEvents(activity);
            WriteLinks(activity);
            WriteTags("Resource associated with Activity:", ResourceTags(), indent: 4);
            WriteLine(string.Empty);
        }

        return ExportResult.Success;
    }

    private void WriteIdentity(Activity activity)
    {
        WriteField("TraceId", activity.TraceId.ToHexString());
        WriteField("SpanId", activity.SpanId.ToHexString());
        WriteField("TraceFlags", activity.ActivityTraceFlags.ToString());
        if (!string.IsNullOrEmpty(activity.TraceStateString)) WriteField("TraceState", activity.TraceStateString);
        if (activity.ParentSpanId != default) WriteField("ParentSpanId", activity.ParentSpanId.ToHexString());
        WriteField("DisplayName", activity.DisplayName);
        WriteField("Kind", activity.Kind.ToString());
        WriteField("StartTime", activity.StartTimeUtc.ToString("O", CultureInfo.InvariantCulture));
        WriteField("Duration", activity.Duration.ToString("c", CultureInfo.InvariantCulture));
        WriteField("SourceName", activity.Source.Name);
        if (!string.IsNullOrEmpty(activity.Source.Version)) WriteField("SourceVersion", activity.Source.Version);
    }

    private void WriteField(string name, string value) => WriteLine($"{"Activity." + name + ":",-28} {value}");

    private void WriteStatus(Activity activity)
    {
        if (activity.Status == ActivityStatusCode.Unset) return;
        WriteField("StatusCode", activity.Status.ToString());
        if (!string.IsNullOrEmpty(activity.StatusDescription)) WriteField("StatusDescription", activity.StatusDescription);
    }

    private void WriteEvents(Activity activity)
    {
        var heading = "Activity.Events:";
        foreach (ref readonly var happened in activity.EnumerateEvents())
        {
            WriteHeading(ref heading);
            WriteLine($"    {happened.Name} [{happened.Timestamp.ToString("O", CultureInfo.InvariantCulture)}]");
            foreach (ref readonly var tag in happened.EnumerateTagObjects()) WriteTag(tag, indent: 8);
        }
    }

    private void WriteLinks(Activity activity)
    {
        var heading = "Activity.Links:";
        foreach (ref readonly var link in activity.EnumerateLinks())
        {
            WriteHeading(ref heading);
            WriteLine($"    {link.Context.TraceId.ToHexString()} {link.Context.SpanId.ToHexString()}");
            foreach (ref readonly var tag in link.EnumerateTagObjects()) WriteTag(tag, indent: 8);
        }
    }

    private IEnumerable<KeyValuePair<string, object?>> ResourceTags() =>
        (ParentProvider?.GetResource() ?? Resource.Empty).Attributes.Select(tag => new KeyValuePair<string, object?>(tag.Key, tag.Value));

    private void WriteTags(string heading, IEnumerable<KeyValuePair<string, object?>> tags, int indent)
    {
        foreach (var tag in tags)
        {
            WriteHeading(ref heading);
            WriteTag(tag, indent);
        }
    }

    // Once, and only where something follows.
    private void WriteHeading(ref string heading)
    {
        if (heading.Length > 0) WriteLine(heading);
        heading = string.Empty;
    }

    private void WriteTag(KeyValuePair<string, object?> tag, int indent) =>
        WriteLine($"{new string(' ', indent)}{tag.Key}: {Format(tag.Value)}");

    private static string Format(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        bool truth => truth ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => $"[{string.Join(",", list.Cast<object?>().Select(Format))}]",
        _ => value.ToString() ?? string.Empty,
    };
}
