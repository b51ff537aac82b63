namespace PipelineSdk.Schedules;

/// <summary>What <see cref="ScheduleCheck"/> proved of the versions of the weights in a schedule without flushes.</summary>
/// <param name="PeakVersions">For each stage, the most versions held at once: the newest, and every one that a
/// micro-batch in flight read or one to come will.</param>
/// <param name="Staleness">For each stage and micro-batch, how many steps the weights had made between its forward and the step
/// that uses its gradient.</param>
public sealed record WeightVersions(IReadOnlyList<int> PeakVersions, IReadOnlyList<IReadOnlyList<int>> Staleness);
