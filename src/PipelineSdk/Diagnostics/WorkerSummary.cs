namespace PipelineSdk.Diagnostics;

/// <summary>What one worker did in a step.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Actions">How many actions it ran.</param>
/// <param name="Busy">Time in actions.</param>
/// <param name="Wait">Time waiting for the input of actions.</param>
/// <param name="Span">From the start of its first action to the end of its last.</param>
/// <param name="PeakInFlight">The most forwards whose activations it held at once.</param>
public readonly record struct WorkerSummary(int Worker, int Actions, TimeSpan Busy, TimeSpan Wait, TimeSpan Span, int PeakInFlight);
