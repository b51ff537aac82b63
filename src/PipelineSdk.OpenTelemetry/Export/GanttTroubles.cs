using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>What goes wrong with Gantt files: warned of once, counted always, and never the training's trouble.</summary>
internal sealed partial class GanttTroubles(ILogger logger)
{
    private static readonly Meter Meter = new(PipelineSdkDiagnostics.MeterName, ProductVersion.Value);

    private static readonly Counter<long> WriteFailures = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.GanttWriteFailuresMetric, unit: "{file}", description: "Gantt files that could not be written.");

    private static readonly Counter<long> DroppedSteps = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.GanttDroppedStepsMetric, unit: "{step}", description: "Steps that gave way to later ones before the run ended.");

    private bool warned;

    /// <summary>A step had to give way to a later one.</summary>
    public static void Dropped() => Quietly(static () => DroppedSteps.Add(1));

    /// <summary>A file could not be written. It is tried again with the next ones.</summary>
    public void NotWritten(string path, Exception error)
    {
        Quietly(static () => WriteFailures.Add(1));
        if (warned) return;
        warned = true;
        Quietly(() => LogNotWritten(logger, path, error.Message, error));
        GanttEventSource.Log.NotWritten(path, error.ToString());
    }

    /// <summary>The provider was shut down before the files were written.</summary>
    public void NotFinished(string directory, int milliseconds)
    {
        Quietly(() => LogNotFinished(logger, directory, milliseconds));
        GanttEventSource.Log.NotFinished(directory, milliseconds);
    }

    // The writer's thread must outlive a listener or a logger that throws.
    private static void Quietly(Action tell)
    {
        try
        {
            tell();
        }
#pragma warning disable CA1031 // Any exception: it is a stranger's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            GanttEventSource.Log.ListenerFailed(error.ToString());
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "The Gantt file {Path} could not be written: {Reason} Training goes on, the steps are kept and written with the next ones. Later failures are counted in "
        + PipelineSdkDiagnostics.GanttWriteFailuresMetric + " and not logged")]
    private static partial void LogNotWritten(ILogger logger, string path, string reason, Exception error);

    [LoggerMessage(2, LogLevel.Warning,
        "The Gantt files in {Directory} were not finished within {Milliseconds} ms after the provider was shut down: the files there are those of an earlier moment")]
    private static partial void LogNotFinished(ILogger logger, string directory, int milliseconds);
}
