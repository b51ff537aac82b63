using System.Diagnostics;

namespace PipelineSdk.Diagnostics;

/// <summary>
/// The time base of one step: one reading of the wall clock beside one of the monotonic clock. All times of the step are differences
/// of the monotonic clock, so a wall clock that is set back meanwhile bends nothing, and spans and timeline agree to the tick.
/// </summary>
internal readonly record struct StepClock(DateTimeOffset StartedAt, long Timestamp)
{
    public static StepClock Start() => new(DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());

    public TimeSpan Since(long timestamp) => Stopwatch.GetElapsedTime(Timestamp, timestamp);

    public DateTimeOffset At(long timestamp) => StartedAt + Since(timestamp);
}
