namespace PipelineSdk;

/// <summary>What the evaluation of one of many batches yields.</summary>
/// <param name="Batch">Its number, counted from 0.</param>
/// <param name="Samples">Samples in it.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Metrics">Its figures, by their names.</param>
public sealed record BatchEvaluation(long Batch, long Samples, double Loss, IReadOnlyDictionary<string, double> Metrics);
