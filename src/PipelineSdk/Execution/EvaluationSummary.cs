namespace PipelineSdk;

/// <summary>What the evaluation of many batches yields.</summary>
/// <param name="Loss">The loss over all samples of all batches, reduced as the loss function reduces.</param>
/// <param name="Samples">How many samples there were.</param>
/// <param name="Batches">How many batches there were.</param>
/// <param name="Metrics">The figures over all batches, by their names.</param>
public sealed record EvaluationSummary(double Loss, long Samples, long Batches, IReadOnlyDictionary<string, double> Metrics);
