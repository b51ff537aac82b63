using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The dispose scope of the actions of one thread: one action at a time, the same scope for all of them.</summary>
/// <remarks>
/// It is two scopes, one inside the other: a segment may move a tensor out of the user's own scope that the segment before has moved out of its
/// part of it already. The tensor then lands in the scope around, and is still the action's.
/// </remarks>
internal sealed class ActionScope : IDisposable
{
    private DisposeScope around;
    private DisposeScope scope;

    public ActionScope() => (around, scope) = (NewDisposeScope(), NewDisposeScope());

    /// <summary>Whether the tensor is disposed with the action.</summary>
    public bool Contains(Tensor tensor) => scope.Contains(tensor) || around.Contains(tensor);

    /// <summary>Begins an action; what it returns ends it, and disposes what the action has made and not detached.</summary>
    public Action Begin() => new(this);

    public void Dispose()
    {
        scope.Dispose();
        around.Dispose();
    }

    private void End()
    {
        if (ReferenceEquals(CurrentDisposeScope, scope))
        {
            Empty(scope);
            Empty(around);
            return;
        }

        // A segment has left a scope of its own open: the next action must not make its tensors there.
        Dispose();
        (around, scope) = (NewDisposeScope(), NewDisposeScope());
    }

    private static void Empty(DisposeScope scope)
    {
        if (scope.DisposablesCount == 0) return;
        // Not DisposeEverything: that gives the scope a new set each time.
        var disposables = scope.DisposablesView;
        for (var i = 0; i < disposables.Count; i++) disposables[i].Dispose();
    }

    /// <summary>One action.</summary>
    internal readonly struct Action(ActionScope scope) : IDisposable
    {
        public void Dispose() => scope.End();
    }
}
