namespace PipelineSdk.Checkpoints;

/// <summary>How far a pipeline has come.</summary>
/// <param name="Steps">Steps of all kinds.</param>
/// <param name="Seed">The seed of the numbers that segments draw.</param>
/// <param name="RandomSteps">The steps of each kind that they are counted by.</param>
internal sealed record PipelineProgress(long Steps, long Seed, long[] RandomSteps);
