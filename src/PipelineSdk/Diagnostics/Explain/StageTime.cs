namespace PipelineSdk.Diagnostics;

/// <summary>What one micro-batch costs a stage: the median of the step's actions of each kind; zero where none ran.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Name">Its name.</param>
/// <param name="Worker">The worker that ran it; -1 where nothing of it ran.</param>
/// <param name="Forward">The time of F.</param>
/// <param name="Backward">The time of B.</param>
/// <param name="InputGradient">The time of I.</param>
/// <param name="WeightGradient">The time of W.</param>
/// <param name="PerMicroBatch">All of the stage's typical times over the number of micro-batches: where a schedule splits only some backwards, both
/// ways count as often as they ran.</param>
public sealed record StageTime(
    int Stage, string Name, int Worker, TimeSpan Forward, TimeSpan Backward, TimeSpan InputGradient, TimeSpan WeightGradient, TimeSpan PerMicroBatch);
