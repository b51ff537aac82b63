using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>
/// The common 2-norm of all gradients of a model, measured in parts on the workers' threads and put together in one fixed order, so that it is the
/// same number whatever the partition: that of <c>torch.nn.utils.clip_grad_norm_</c> over <c>Model.parameters()</c>, bit for bit.
/// </summary>
internal sealed class GradientNorm : IDisposable
{
    private readonly double maximum;
    private readonly Dictionary<Parameter, int> places = new(ReferenceEqualityComparer.Instance);
    private readonly Tensor?[] norms;

    /// <param name="order">The parameters, in the order in which the norm is put together.</param>
    /// <param name="maximum">What the norm shall be at most.</param>
    public GradientNorm(IEnumerable<Parameter> order, double maximum)
    {
        this.maximum = maximum;
        foreach (var parameter in order) places.TryAdd(parameter, places.Count);
        norms = new Tensor?[places.Count];
    }

    /// <summary>What all gradients are to be multiplied with: a tensor of one element. Null before <see cref="Combine"/>, and where there is no gradient.</summary>
    public Tensor? Factor { get; private set; }

    /// <summary>Measures the gradients of some of the parameters, or measures them again; on the thread that they belong to.</summary>
    public void Measure(IEnumerable<Parameter> parameters)
    {
        using var untracked = no_grad();
        foreach (var parameter in parameters)
        {
            using var gradient = parameter.grad;
            ref var norm = ref norms[places[parameter]];
            norm?.Dispose();
            norm = gradient?.norm().DetachFromDisposeScope();
        }
    }

    /// <summary>Puts the parts together, when all have been measured.</summary>
    /// <returns>The norm, before scaling.</returns>
    public double Combine()
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        // All on one device: that of the first.
        Tensor[] measured = [.. norms.OfType<Tensor>()];
        if (measured.Length == 0) return 0;
        var total = measured.Length == 1 ? measured[0] : stack([.. measured.Select(norm => norm.to(measured[0].device))]).norm();
        Factor = (total + 1e-6).reciprocal().mul(maximum).clamp_max(1).DetachFromDisposeScope();
        return total.to(ScalarType.Float64).item<double>();
    }

    public void Dispose()
    {
        foreach (var norm in norms) norm?.Dispose();
        Factor?.Dispose();
    }
}
