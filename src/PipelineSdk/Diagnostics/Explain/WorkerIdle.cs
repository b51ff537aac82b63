namespace PipelineSdk.Diagnostics;

/// <summary>How one worker's share of a step's time went.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Work">Time in actions, without handing over. Work and idle time add up to the step's time.</param>
/// <param name="Idle">The rest, by reason.</param>
/// <param name="Periods">Every time it did no work, in order.</param>
public sealed record WorkerIdle(int Worker, TimeSpan Work, MeasuredIdleTime Idle, IReadOnlyList<MeasuredIdle> Periods);
