namespace OpenTelemetry.Exporter;

/// <summary>What exporters to the console have in common: where a line goes.</summary>
/// <typeparam name="T">What is exported.</typeparam>
public abstract class ConsoleExporter<T> : BaseExporter<T>
    where T : class
{
    private readonly ConsoleExporterOutputTargets targets;

    /// <summary>Takes the options; null means the defaults.</summary>
    protected ConsoleExporter(ConsoleExporterOptions options)
    {
        targets = (options ?? new ConsoleExporterOptions()).Targets;
    }

    /// <summary>Writes a line to every target.</summary>
    protected void WriteLine(string message)
    {
        if (targets.HasFlag(ConsoleExporterOutputTargets.Console)) Console.WriteLine(message);
        if (targets.HasFlag(ConsoleExporterOutputTargets.Debug)) System.Diagnostics.Trace.WriteLine(message);
    }
}
