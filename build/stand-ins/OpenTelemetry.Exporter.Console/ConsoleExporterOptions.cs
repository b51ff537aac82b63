namespace OpenTelemetry.Exporter;

/// <summary>Options of the console exporter.</summary>
public class ConsoleExporterOptions
{
    /// <summary>Where the output goes; by default the console.</summary>
    public ConsoleExporterOutputTargets Targets { get; set; } = ConsoleExporterOutputTargets.Console;
}
