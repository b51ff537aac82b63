namespace PipelineSdk.Partitioning;

/// <summary>A stage of a plan.</summary>
/// <param name="Worker">The worker that runs it.</param>
/// <param name="Start">Its first segment.</param>
/// <param name="End">The segment after its last.</param>
public readonly record struct PlannedStage(int Worker, int Start, int End);
