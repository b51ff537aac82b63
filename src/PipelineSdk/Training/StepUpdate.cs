namespace PipelineSdk.Training;

/// <summary>What one training step does to gradients before its first action and to weights after its last.</summary>
/// <param name="optimizers">The optimizer of each worker; null for a worker without parameters.</param>
/// <param name="clearsGradients">Whether the gradients of the step before are done with.</param>
/// <param name="changesWeights">Whether the optimizers step when all gradients are there.</param>
/// <param name="tied">Weights with several names.</param>
/// <param name="norm">Measures and limits the gradients first; null where nothing limits them.</param>
internal sealed class StepUpdate(
    IReadOnlyList<WorkerOptimizer?> optimizers, bool clearsGradients, bool changesWeights, TiedWeights tied, GradientNorm? norm) : IDisposable
{
    /// <summary>Whether the optimizers step when all gradients are there.</summary>
    public bool ChangesWeights => changesWeights;

    /// <summary>The norm of all gradients before they were scaled; null where it was not measured.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>Before a worker's first action, on its thread.</summary>
    public void Begin(int worker)
    {
        if (clearsGradients) optimizers[worker]?.ClearGradients();
    }

    /// <summary>After a worker's last action, on its thread.</summary>
    public void Measure(int worker)
    {
        if (changesWeights && optimizers[worker] is { } optimizer) norm?.Measure(optimizer.Parameters);
    }

    /// <summary>After all workers' last actions, and when the gradients of tied weights are one.</summary>
    public void Combine()
    {
        norm?.Measure(tied.Parameters);
        GradientNorm = norm?.Combine();
    }

    /// <summary>After <see cref="Combine"/>, on a worker's thread: changes its weights.</summary>
    public void Apply(int worker)
    {
        if (optimizers[worker] is not { } optimizer) return;
        if (norm?.Factor is { } factor) optimizer.ScaleGradients(factor);
        optimizer.Step();
    }

    public void Dispose() => norm?.Dispose();
}
