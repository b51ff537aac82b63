namespace ResNet.CommandLine;

/// <summary>Where the spans of the pipeline go.</summary>
internal enum TraceExporter
{
    None,
    Console,
    Otlp,
}
