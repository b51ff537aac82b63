namespace PipelineSdk.Diagnostics;

/// <summary>What a change would bring, from the simulator with the step's typical costs.</summary>
/// <param name="Change">The change, such as <c>16 micro-batches</c>.</param>
/// <param name="SpeedUp">Samples per second over those of the step as it ran; above 1 is faster. What else was lost stays as it was, per micro-batch.</param>
public sealed record Prospect(string Change, double SpeedUp);
