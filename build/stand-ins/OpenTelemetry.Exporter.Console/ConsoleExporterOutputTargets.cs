namespace OpenTelemetry.Exporter;

/// <summary>Where the console exporter writes. Values combine.</summary>
[Flags]
#pragma warning disable CA1711, CA2217 // The package's name and values.
public enum ConsoleExporterOutputTargets
#pragma warning restore CA1711, CA2217
{
    /// <summary>Standard output.</summary>
    Console = 1,

    /// <summary>The listeners of <see cref="System.Diagnostics.Trace"/>.</summary>
    Debug = 2,
}
