using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>One layer whose running statistics wait for the end of the step.</summary>
/// <remarks>
/// During the step the layer runs with a momentum of 1, so that its running statistics are those of the micro-batch that it has just seen: they are taken
/// from there, at no cost. Afterwards they are what they were before the step, updated once.
/// </remarks>
internal sealed class DeferredNorm(string name, BatchNorm layer) : IDisposable
{
    private readonly List<List<BatchStatistics>> seen = [];
    private readonly BufferValues before = new();
    private double? momentum;
    private double countBefore;

    public BatchNorm Layer => layer;

    /// <summary>Whether it takes part in the step that runs.</summary>
    public bool IsDeferred { get; private set; }

    /// <summary>Before a step.</summary>
    /// <param name="microBatches">How many micro-batches it has.</param>
    public void Begin(int microBatches)
    {
        IsDeferred = layer is { training: true, track_running_stats: true, running_mean: not null, running_var: not null, num_batches_tracked: not null };
        if (!IsDeferred) return;
        while (seen.Count < microBatches) seen.Add([]);
        before.Add(layer.running_mean!);
        before.Add(layer.running_var!);
        before.Add(layer.num_batches_tracked!);
        countBefore = Count();
        momentum = layer.momentum;
        layer.momentum = 1;
    }

    /// <summary>After the layer has seen a micro-batch.</summary>
    public void Record(int microBatch, Tensor input)
    {
        using var constant = no_grad();
        seen[microBatch].Add(new BatchStatistics(
            input.numel() / layer.num_features, layer.running_mean!.clone().DetachFromDisposeScope(), layer.running_var!.clone().DetachFromDisposeScope()));
    }

    /// <summary>Whether the layer ran otherwise than was recorded: with <c>forward</c>, which runs no hooks.</summary>
    public bool WasMissed() => IsDeferred && Count() - countBefore != seen.Sum(calls => calls.Count);

    /// <summary>The layer's name.</summary>
    public string Name => name;

    /// <summary>After a step: the statistics are as before it, and where it has not failed, updated once for each time that the model runs the layer.</summary>
    public void End(bool succeeded)
    {
        if (!IsDeferred) return;
        using var scope = NewDisposeScope();
        using var constant = no_grad();
        layer.momentum = momentum;
        before.Restore();
        before.Dispose();
        for (var call = 0; succeeded && call < seen.Max(calls => calls.Count); call++)
        {
            layer.num_batches_tracked!.add_(1);
            Update(BatchStatistics.Combine([.. seen.Where(calls => call < calls.Count).Select(calls => calls[call])]));
        }

        foreach (var calls in seen)
        {
            calls.ForEach(static statistics => statistics.Dispose());
            calls.Clear();
        }
    }

    public void Dispose() => before.Dispose();

    private void Update(BatchStatistics whole)
    {
        // Without a momentum the layer keeps the plain average of all batches.
        var weight = momentum ?? (1 / Count());
        Follow(layer.running_mean!, whole.Mean, weight);
        Follow(layer.running_var!, whole.Variance, weight);
    }

    private static void Follow(Tensor running, Tensor value, double weight)
        => running.copy_((running.to(ScalarType.Float64) * (1 - weight)) + (value * weight));

    private double Count()
    {
        using var count = layer.num_batches_tracked!.to(ScalarType.Float64);
        return count.item<double>();
    }
}
