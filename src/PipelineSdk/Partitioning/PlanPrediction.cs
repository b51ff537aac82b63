namespace PipelineSdk.Partitioning;

/// <summary>What the simulator expects of a plan.</summary>
/// <param name="Makespan">The time of a step, in the unit of the plan.</param>
/// <param name="FlushBubble">The share of all workers' time without work, 0 to 1.</param>
/// <param name="PeakBytes">For each worker, the most bytes it holds at once.</param>
public sealed record PlanPrediction(double Makespan, double FlushBubble, IReadOnlyList<long> PeakBytes);
