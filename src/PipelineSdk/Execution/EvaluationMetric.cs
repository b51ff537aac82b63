using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>A figure of an evaluation, besides the loss.</summary>
/// <param name="Name">Its name in <see cref="EvaluationSummary.Metrics"/>.</param>
/// <param name="Compute">Computes it from the outputs and targets of a batch. Runs on the calling thread; what it allocates is disposed.</param>
/// <param name="Sums">
/// Whether batches add up, as a number of right answers does. Otherwise the figure is a mean over the samples of the batch, and batches count by their samples.
/// </param>
public sealed record EvaluationMetric(string Name, Func<Tensor, Tensor, double> Compute, bool Sums = false);
