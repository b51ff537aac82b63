using PipelineSdk.Diagnostics;
using PipelineSdk.IO;

namespace PipelineSdk.OpenTelemetry;

/// <summary>What files of several steps have in common, whatever their format.</summary>
internal static class StepsFile
{
    /// <summary>Writes a file as a whole or not at all, with what writes its format to a stream.</summary>
    public static void Write(string path, IEnumerable<StepTimeline> steps, long droppedSteps, Action<Stream, IEnumerable<StepTimeline>, long> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(droppedSteps);
        AtomicFile.Write(path, stream => write(stream, steps, droppedSteps));
    }

    /// <summary>Checks what is to be written to a stream.</summary>
    public static void Require(Stream stream, IEnumerable<StepTimeline> steps, long droppedSteps)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentOutOfRangeException.ThrowIfNegative(droppedSteps);
    }
}
