namespace TorchSharp;

/// <summary>
/// Owns the tensors made on a thread while it is the innermost scope there. As in TorchSharp, a scope is not thread-safe: only
/// the thread that opened it may touch it or the tensors it owns.
/// </summary>
public sealed partial class DisposeScope : IDisposable
{
    private DisposeScopeManager? manager;

    internal DisposeScope(DisposeScopeManager manager)
    {
        this.manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            _ = Manager();
            return Disposables.ToArray();
        }
    }

    public int DisposablesCount
    {
        get
        {
            _ = Manager();
            return Disposables.Count;
        }
    }

    internal DisposeScope? OuterScope { get; set; }

    internal HashSet<IDisposable> Disposables { get; private set; } = new(ReferenceEqualityComparer.Instance);

    public bool Contains(IDisposable disposable) => Disposables.Contains(disposable);

    public void Attach(IDisposable disposable) => Attach((IEnumerable<IDisposable>)[disposable]);

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        var statistics = Manager().StatisticsInstance.TensorStatistics;
        var attached = new List<IDisposable>();
        foreach (var disposable in disposables)
        {
            if (Adopt(this, disposable)) statistics.AttachedToScopeCount++;
            attached.Add(disposable);
        }

        return attached;
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        var statistics = Manager().StatisticsInstance.TensorStatistics;
        foreach (var disposable in disposables)
        {
            if (!Disposables.Remove(disposable)) continue;
            statistics.DetachedFromScopeCount++;
            ((torch.Tensor)disposable).OwningDisposeScope = null;
        }
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(OuterScope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(OuterScope, disposables);

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        _ = Manager();
        if (scope is null)
        {
            Detach(disposables);
            return;
        }

        foreach (var disposable in disposables)
            if (Disposables.Remove(disposable))
                Adopt(scope, disposable);
    }

    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        _ = Manager();
        var owned = Disposables;
        Disposables = inKeep.ToHashSet<IDisposable>(ReferenceEqualityComparer.Instance);
        foreach (var disposable in owned)
            if (!Disposables.Contains(disposable))
                disposable.Dispose();
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        _ = Manager();
        Disposables.Remove(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = null;
    }

    public void Dispose()
    {
        if (manager is null) return;
        DisposeEverything();
        manager.Remove(this);
        manager = null;
    }

    /// <summary>Puts <paramref name="replacement"/> where <paramref name="original"/> stood, as for a handle that changes its wrapper.</summary>
    internal static void ReplaceWith(torch.Tensor original, torch.Tensor replacement)
    {
        if (original.OwningDisposeScope is not { } scope || !scope.Disposables.Remove(original)) return;
        original.OwningDisposeScope = null;
        Adopt(scope, replacement);
    }

    private static bool Adopt(DisposeScope scope, IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor)
            throw new InvalidOperationException("DisposeScope can only manage Tensor or PackedSequence");
        var former = tensor.OwningDisposeScope;
        if (ReferenceEquals(scope, former)) return false;
        scope.Disposables.Add(tensor);
        former?.Disposables.Remove(tensor);
        tensor.OwningDisposeScope = scope;
        return true;
    }

    private DisposeScopeManager Manager()
    {
        ObjectDisposedException.ThrowIf(manager is null, this);
        return manager;
    }
}
