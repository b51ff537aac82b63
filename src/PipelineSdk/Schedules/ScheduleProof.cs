namespace PipelineSdk.Schedules;

/// <summary>What <see cref="ScheduleCheck"/> proved of a program.</summary>
/// <param name="Program">The program.</param>
/// <param name="LinkCapacity">The smallest number of messages every link must be able to hold so that no worker waits for ever.
/// At least 1.</param>
/// <param name="PeakInFlight">For each worker, the most forwards at once whose activations it holds until the last gradient of
/// their stage (F to W, or to B). 1 where the program has only forwards, which hold nothing when they are done.</param>
/// <param name="PeakInFlightUntilInputGradient">The same, where a forward counts only until its input gradient (F to I, or to
/// B).</param>
public sealed record ScheduleProof(
    ScheduleProgram Program,
    int LinkCapacity,
    IReadOnlyList<int> PeakInFlight,
    IReadOnlyList<int> PeakInFlightUntilInputGradient)
{
    /// <summary>The versions of the weights in a schedule without flushes; null where the optimizer steps between
    /// programs.</summary>
    public WeightVersions? WeightVersions { get; init; }
}
