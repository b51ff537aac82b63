namespace PipelineSdk.OpenTelemetry;

/// <summary>Kinds of Gantt files; several together.</summary>
[Flags]
public enum GanttFormats
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A picture of the last step, <c>.svg</c>: <see cref="GanttSvg"/>.</summary>
    Svg = 1,

    /// <summary>All steps, <c>.perfetto.json</c>, for ui.perfetto.dev: <see cref="PerfettoTrace"/>.</summary>
    Perfetto = 2,

    /// <summary>All steps, <c>.jaeger.json</c>, for the upload of Jaeger's page: <see cref="JaegerTrace"/>.</summary>
    Jaeger = 4,

    /// <summary>All steps, <c>.otlp.json</c>, for collectors: <see cref="OtlpTrace"/>.</summary>
    Otlp = 8,

    /// <summary>All steps, <c>.csv</c>, a row per action: <see cref="GanttCsv"/>.</summary>
    Csv = 16,

    /// <summary>Every kind there is.</summary>
    All = Svg | Perfetto | Jaeger | Otlp | Csv,
}
