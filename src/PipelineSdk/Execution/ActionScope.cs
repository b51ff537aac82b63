using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The dispose scope of one action, inside another one.</summary>
/// <remarks>
/// A segment may move a tensor out of the user's own scope that the segment before has moved out of its part of it already: it then
/// lands in the scope around, and is still the action's.
/// </remarks>
internal sealed class ActionScope : IDisposable
{
    private readonly DisposeScope around = NewDisposeScope();
    private readonly DisposeScope scope = NewDisposeScope();

    /// <summary>Whether the tensor is disposed with the action.</summary>
    public bool Contains(Tensor tensor) => scope.Contains(tensor) || around.Contains(tensor);

    public void Dispose()
    {
        scope.Dispose();
        around.Dispose();
    }
}
