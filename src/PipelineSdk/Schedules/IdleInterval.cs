namespace PipelineSdk.Schedules;

/// <summary>A time in which a worker did nothing.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Slot">The position in its program of the action it waited to begin, or to hand on where the link was full; one
/// past the last for the drain.</param>
/// <param name="Start">When it became idle.</param>
/// <param name="End">When it went on.</param>
/// <param name="Time">Its length by reason.</param>
public readonly record struct IdleInterval(int Worker, int Slot, double Start, double End, IdleTime Time)
{
    /// <summary>The reason of the largest share.</summary>
    public IdleReason Reason => Time.Reason;
}
