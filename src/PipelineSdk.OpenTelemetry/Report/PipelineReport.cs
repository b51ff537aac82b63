using PipelineSdk.Diagnostics;
using PipelineSdk.IO;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes a run as one HTML page that stands alone: an interactive Gantt chart of each step kept, as it ran beside as planned; where each step's time
/// went; loss, throughput, memory and utilization over the steps. It asks nothing of any network, and opens in browsers from 2023 on.
/// </summary>
/// <remarks>Timelines are packed to some ten bytes an action, and drawn from sorted arrays: millions of actions can be looked at.</remarks>
public static class PipelineReport
{
    /// <summary>Writes a report of a training run. The file is written aside and renamed: on failure an older file stays as it was.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.html</c>.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">Heading and note.</param>
    /// <exception cref="ArgumentException">The run has no steps.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, TrainingLog run, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        RequireSteps(run);
        AtomicFile.Write(path, stream => Write(stream, run, options));
    }

    /// <summary>Writes a report of steps without loss, samples and memory.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.html</c>.</param>
    /// <param name="steps">The steps, all of which are kept.</param>
    /// <param name="options">Heading and note.</param>
    /// <exception cref="ArgumentException">There are no steps.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, IReadOnlyList<StepTimeline> steps, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(steps);
        var run = new TrainingLog(Math.Max(2, steps.Count));
        foreach (var step in steps) run.Add(step);
        Write(path, run, options);
    }

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="run">The run.</param>
    /// <param name="options">Heading and note.</param>
    /// <exception cref="ArgumentException">The run has no steps.</exception>
    public static void Write(Stream stream, TrainingLog run, ReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        RequireSteps(run);
        ReportPage.Write(stream, run, options ?? new ReportOptions());
    }

    private static void RequireSteps(TrainingLog run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Steps.Count == 0) throw new ArgumentException("There are no steps to report: add each step's result to the log, or give at least one timeline.", nameof(run));
    }
}
