using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Puts the evaluations of batches together.</summary>
internal sealed class EvaluationTotals
{
    private readonly IReadOnlyList<EvaluationMetric> metrics;
    private readonly double[] sums;
    private double loss;
    private double elements;
    private long samples;
    private long batches;

    public EvaluationTotals(IReadOnlyList<EvaluationMetric> metrics)
    {
        if (metrics.GroupBy(metric => metric.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"Two metrics have the name '{twice.Key}': give each its own.", nameof(metrics));
        this.metrics = metrics;
        sums = new double[metrics.Count];
    }

    /// <summary>Adds a batch.</summary>
    public BatchEvaluation Add(EvaluationResult result, Tensor targets)
    {
        using var outputs = result;
        var there = SameDevice.Beside(targets, result.Outputs);
        var values = metrics.Select(metric => metric.Compute(result.Outputs, there)).ToArray();
        for (var i = 0; i < values.Length; i++) sums[i] += metrics[i].Sums ? values[i] : values[i] * result.Samples;
        loss += result.Loss * (result.MeanOver ?? 1);
        elements += result.MeanOver ?? 0;
        samples += result.Samples;
        return new BatchEvaluation(batches++, result.Samples, result.Loss, Named(values));
    }

    /// <exception cref="ArgumentException">There was no batch.</exception>
    public EvaluationSummary Summary()
    {
        if (batches == 0) throw new ArgumentException("There was no batch to evaluate.", nameof(batches));
        return new EvaluationSummary(
            elements > 0 ? loss / elements : loss, samples, batches, Named([.. sums.Select((sum, i) => metrics[i].Sums ? sum : sum / samples)]));
    }

    private Dictionary<string, double> Named(double[] values) => metrics.Select((metric, i) => (metric.Name, Value: values[i])).ToDictionary(entry => entry.Name, entry => entry.Value);
}
