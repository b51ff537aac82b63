namespace PipelineSdk.Diagnostics;

/// <summary>How many forwards' activations a worker holds from a moment on.</summary>
/// <param name="At">The moment, from the start of the step.</param>
/// <param name="Count">The number held from then until the next sample.</param>
public readonly record struct InFlightSample(TimeSpan At, int Count);
