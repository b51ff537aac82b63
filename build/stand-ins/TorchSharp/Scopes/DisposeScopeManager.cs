namespace TorchSharp;

/// <summary>The scopes of one thread. A tensor that is made joins the innermost scope of the thread that makes it.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? ofThisThread;

    public static ThreadDisposeScopeStatistics Statistics => ThreadSingleton.StatisticsInstance;

    internal static DisposeScopeManager ThreadSingleton => ofThisThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? CurrentDisposeScope { get; private set; }

    internal DisposeScope NewDisposeScope() => CurrentDisposeScope = new DisposeScope(this);

    internal DisposeScope? Register(torch.Tensor tensor)
    {
        if (CurrentDisposeScope is not { } scope)
        {
            StatisticsInstance.TensorStatistics.CreatedOutsideScopeCount++;
            return null;
        }

        StatisticsInstance.TensorStatistics.CreatedInScopeCount++;
        scope.Disposables.Add(tensor);
        return scope;
    }

    internal void Disposing(torch.Tensor tensor)
    {
        if (tensor.OwningDisposeScope is null) StatisticsInstance.TensorStatistics.DisposedOutsideScopeCount++;
        else StatisticsInstance.TensorStatistics.DisposedInScopeCount++;
    }

    /// <summary>Takes a scope out of the chain; scopes may end in any order.</summary>
    internal void Remove(DisposeScope ended)
    {
        if (ReferenceEquals(CurrentDisposeScope, ended))
        {
            CurrentDisposeScope = ended.OuterScope;
            return;
        }

        for (var scope = CurrentDisposeScope; scope is not null; scope = scope.OuterScope)
        {
            if (!ReferenceEquals(scope.OuterScope, ended)) continue;
            scope.OuterScope = ended.OuterScope;
            return;
        }
    }
}
