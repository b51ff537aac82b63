using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>A time in which a worker did no work, as measured. Times count from the start of the step.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Slot">The position in its program of the action it went on with; one past the last where it was done.</param>
/// <param name="Start">When its work ended.</param>
/// <param name="End">When it went on.</param>
/// <param name="Time">Its length by reason.</param>
public readonly record struct MeasuredIdle(int Worker, int Slot, TimeSpan Start, TimeSpan End, MeasuredIdleTime Time)
{
    /// <summary>The reason of the largest share.</summary>
    public IdleReason Reason => Time.Reason;
}
