using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>The optimizers of a pipeline, one per worker, and when they step.</summary>
internal sealed class PipelineOptimizers : IDisposable
{
    private readonly nn.Module model;
    private readonly TiedWeights tied;
    private readonly double? maxGradientNorm;
    private readonly int accumulationSteps;
    private readonly List<WorkerOptimizer?> workers = [];
    private int accumulated;
    private bool gradientsAreDone = true;

    /// <param name="model">The model: the order of its parameters is the one in which gradients are measured.</param>
    /// <param name="options">The factory, and when and how the optimizers step.</param>
    /// <param name="tied">Weights with several names: their gradients become one before the optimizers step.</param>
    /// <param name="parameters">The parameters of each worker's stages that its optimizer is for.</param>
    public PipelineOptimizers(
        nn.Module model, PipelineOptions options, TiedWeights tied, IEnumerable<IReadOnlyList<(string Name, Parameter Parameter)>> parameters)
    {
        this.model = model;
        this.tied = tied;
        maxGradientNorm = options.MaxGradientNorm;
        accumulationSteps = options.AccumulationSteps;
        try
        {
            foreach (var own in parameters)
                workers.Add(own.Count == 0 ? null : new WorkerOptimizer(options.Optimizer!, own, workers.Count));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The optimizer of each worker; null for a worker without parameters.</summary>
    public IReadOnlyList<WorkerOptimizer?> Workers => workers;

    /// <summary>Steps whose gradients wait for the optimizers to step.</summary>
    public int Accumulated => accumulated;

    /// <summary>What the next step does. It must be told how the step went.</summary>
    public StepUpdate Begin()
    {
        var steps = accumulated + 1 >= accumulationSteps;
        return new StepUpdate(
            workers, gradientsAreDone, steps, tied, steps && maxGradientNorm is { } maximum ? new GradientNorm(Order(), maximum) : null);
    }

    /// <summary>The step has succeeded.</summary>
    public void Succeed(StepUpdate update)
    {
        accumulated = update.ChangesWeights ? 0 : accumulated + 1;
        gradientsAreDone = update.ChangesWeights;
    }

    /// <summary>The step has failed: the gradients that were added up so far are not to be trusted, and the next step begins anew.</summary>
    public void Fail()
    {
        accumulated = 0;
        gradientsAreDone = true;
    }

    // What the model does not list, since nobody registered it, comes last.
    private IEnumerable<Parameter> Order() => model.parameters().Concat(workers.SelectMany(worker => worker?.Parameters ?? []));

    public void Dispose()
    {
        foreach (var worker in workers) worker?.Dispose();
    }
}
