using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>A kind of Gantt file: what its names end in, and how it is written.</summary>
/// <param name="Extension">With the leading point.</param>
/// <param name="Write">Writes steps, at least one, to a path; the last argument is how many are left out.</param>
internal sealed record GanttFormat(string Extension, Action<string, IReadOnlyList<StepTimeline>, long> Write)
{
    private static readonly (GanttFormats Flag, GanttFormat Format)[] Known =
    [
        (GanttFormats.Svg, new(".svg", static (path, steps, _) => GanttSvg.Write(path, steps[^1]))),
        (GanttFormats.Perfetto, new(".perfetto.json", PerfettoTrace.Write)),
        (GanttFormats.Jaeger, new(".jaeger.json", JaegerTrace.Write)),
        (GanttFormats.Otlp, new(".otlp.json", OtlpTrace.Write)),
        (GanttFormats.Csv, new(".csv", GanttCsv.Write)),
    ];

    public static IReadOnlyList<GanttFormat> Of(GanttFormats formats) => [.. Known.Where(one => formats.HasFlag(one.Flag)).Select(one => one.Format)];
}
