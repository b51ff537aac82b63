namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What a lever does: medians over processes, each with the median of its steps.</summary>
/// <param name="Workload">On what.</param>
/// <param name="Lever">What is switched.</param>
/// <param name="Pipeline">Seconds of a step through two stages.</param>
/// <param name="OneThread">Seconds of a step on one thread with the same micro-batches.</param>
internal sealed record LeverRow(string Workload, string Lever, double Pipeline, double OneThread);
