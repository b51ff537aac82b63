using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// What running a model forward and backward changes: gradients, buffers (such as running statistics), and the state of the process's
/// random number generator. Takes it when created, with gradients set to none, and puts it back when disposed, bit for bit.
/// </summary>
internal sealed class ModelState : IDisposable
{
    private readonly List<(Parameter Parameter, Tensor? Gradient)> gradients = [];
    private readonly List<(Tensor Buffer, Tensor Value)> buffers = [];
    private readonly Tensor random;

    public ModelState(nn.Module model)
    {
        random = get_rng_state().DetachFromDisposeScope();
        foreach (var buffer in model.buffers()) buffers.Add((buffer, buffer.clone().DetachFromDisposeScope()));
        foreach (var parameter in model.parameters())
        {
            gradients.Add((parameter, parameter.grad?.DetachFromDisposeScope()));
            parameter.grad = null;
        }
    }

    public void Dispose()
    {
        foreach (var (parameter, gradient) in gradients)
        {
            parameter.grad = gradient;
            gradient?.Dispose();
        }

        using var constant = no_grad();
        foreach (var (buffer, value) in buffers)
        {
            buffer.copy_(value);
            value.Dispose();
        }

        set_rng_state(random);
        random.Dispose();
    }
}
