using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>What a loss function returned.</summary>
internal static class LossTensor
{
    /// <summary>Checks it.</summary>
    /// <exception cref="InvalidOperationException">It is not one number.</exception>
    public static double ValueOf(Tensor loss)
    {
        if (loss is null) throw new InvalidOperationException("The loss function returned null; it must return a tensor with one element.");
        if (loss.numel() != 1)
        {
            throw new InvalidOperationException(
                $"The loss function returned a tensor of shape [{string.Join(", ", loss.shape)}]; it must return one number per "
                + "micro-batch, as reduction mean or sum does.");
        }

        return loss.detach().to(ScalarType.Float64).item<double>();
    }

    /// <summary>A handle of it for the backward, not owned by the action's scope.</summary>
    // A loss that comes from elsewhere (a field, an input) is not ours to dispose: take a handle of our own.
    public static Tensor Keep(Tensor loss, ActionScope scope) => (scope.Contains(loss) ? loss : loss.alias()).DetachFromDisposeScope();
}
