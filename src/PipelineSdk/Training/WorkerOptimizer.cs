using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>The optimizer of one worker: steps over the parameters of its stages, on its thread.</summary>
internal sealed class WorkerOptimizer : IDisposable
{
    private readonly IReadOnlyList<Parameter> parameters;

    /// <param name="factory">The user's.</param>
    /// <param name="parameters">The parameters of the worker's stages; at least one.</param>
    /// <param name="worker">The worker's number, for errors.</param>
    /// <exception cref="InvalidOperationException">The factory returned null.</exception>
    public WorkerOptimizer(
        Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> factory,
        IReadOnlyList<(string Name, Parameter Parameter)> parameters, int worker)
    {
        NamedParameters = parameters;
        this.parameters = [.. parameters.Select(entry => entry.Parameter)];
        Optimizer = factory(parameters) ?? throw new InvalidOperationException(
            $"PipelineOptions.Optimizer returned null for the {parameters.Count} parameter(s) of worker {worker}; it must return an optimizer.");
    }

    /// <summary>What the factory made.</summary>
    public optim.Optimizer Optimizer { get; }

    /// <summary>What it steps over, by the names that the weights have in the model.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> NamedParameters { get; }

    /// <summary>The parameters that the worker's backwards add gradients to.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>Forgets all gradients: the next backward begins anew, without adding to zeros.</summary>
    public void ClearGradients()
    {
        foreach (var parameter in parameters) parameter.grad = null;
    }

    /// <summary>Multiplies all gradients by a factor, a tensor of one element on any device. What it makes belongs to the caller's dispose scope.</summary>
    public void ScaleGradients(Tensor factor)
    {
        using var untracked = no_grad();
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            if (gradient is not null) gradient.mul_(SameDevice.Beside(factor, gradient));
        }
    }

    /// <summary>Changes the weights by the gradients.</summary>
    public void Step() => Optimizer.step();

    public void Dispose() => Optimizer.Dispose();
}
