using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>
/// The versions of one stage's weights in a run without flushes: while the optimizer makes new ones, every micro-batch in flight has its backward with
/// the weights that its forward read.
/// </summary>
/// <remarks>
/// <para>Weight stashing, as Narayanan et al. call it (PipeDream, 2019, section 3.3). As many versions are held as the program needs: the newest, and those that a
/// micro-batch in flight read, or one to come will.</para>
/// <para>The model's parameters always hold the newest version, but while an action runs that reads an older one: then the contents are exchanged, and
/// exchanged back after it. All changes, the optimizer's too, go through tensors of their own over the parameters' storages (<see cref="StorageAlias"/>): the
/// graphs of older micro-batches stay usable, and the contents are put right before one of them is used.</para>
/// </remarks>
internal sealed class WeightStash : IDisposable
{
    private readonly IReadOnlyList<(string Name, Parameter Parameter)> parameters;
    private readonly List<Parameter> aliases = [];
    private readonly Dictionary<int, List<Tensor>> older = [];
    private readonly Dictionary<int, int> readersLeft = [];
    private readonly Dictionary<int, int> versionOf = [];
    private int newest;

    /// <param name="parameters">The stage's parameters. One may be there under two names, and two may share their values.</param>
    public WeightStash(IReadOnlyList<(string Name, Parameter Parameter)> parameters)
    {
        this.parameters = [.. parameters.DistinctBy(entry => entry.Parameter, ReferenceEqualityComparer.Instance)];
        foreach (var (_, parameter) in this.parameters)
        {
            var own = new Parameter(StorageAlias.Of(parameter).DetachFromDisposeScope(), parameter.requires_grad);
            own.DetachFromDisposeScope();
            aliases.Add(own);
        }
    }

    /// <summary>The same weights under other tensors, for the optimizer to change.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> ForOptimizer
        => [.. parameters.Select((entry, i) => (entry.Name, aliases[i]))];

    /// <summary>Versions held: the newest and the older ones.</summary>
    public int Held => older.Count + 1;

    /// <summary>Before a run: forgets the gradients that a failed one has left, and notes which version each micro-batch will read.</summary>
    public void Begin(IReadOnlyList<int> versions)
    {
        foreach (var (_, parameter) in parameters) parameter.grad = null;
        for (var microBatch = 0; microBatch < versions.Count; microBatch++)
        {
            versionOf[microBatch] = versions[microBatch];
            readersLeft[versions[microBatch]] = readersLeft.GetValueOrDefault(versions[microBatch]) + 1;
        }
    }

    /// <summary>Puts the version that a micro-batch reads into the model's parameters, until the result is disposed.</summary>
    public Lease Use(int microBatch)
    {
        var version = versionOf[microBatch];
        if (version == newest) return default;
        var contents = older[version];
        for (var i = 0; i < aliases.Count; i++) Exchange(i, contents);
        return new Lease(this, contents);
    }

    /// <summary>After a micro-batch's last backward: an older version that nobody else reads is forgotten.</summary>
    public void Release(int microBatch)
    {
        var version = versionOf[microBatch];
        if (--readersLeft[version] > 0) return;
        readersLeft.Remove(version);
        if (older.Remove(version, out var contents)) Dispose(contents);
    }

    /// <summary>Makes the next version: the optimizer steps with the gradients that have been added up, and they are forgotten.</summary>
    /// <param name="optimizer">The stage's; null where it has no parameters.</param>
    /// <param name="version">The number of the version.</param>
    public void Update(WorkerOptimizer? optimizer, int version)
    {
        using var untracked = no_grad();
        if (readersLeft.ContainsKey(newest)) older[newest] = [.. aliases.Select(alias => alias.detach().clone().DetachFromDisposeScope())];
        for (var i = 0; i < aliases.Count; i++)
        {
            using var gradient = parameters[i].Parameter.grad;
            aliases[i].grad = gradient;
            parameters[i].Parameter.grad = null;
        }

        try
        {
            optimizer?.Step();
        }
        finally
        {
            foreach (var alias in aliases) alias.grad = null;
        }

        newest = version;
    }

    /// <summary>After a run, also one that was given up: only the newest version is left, and it counts as the first of the next run.</summary>
    public void Reset()
    {
        foreach (var contents in older.Values) Dispose(contents);
        older.Clear();
        readersLeft.Clear();
        versionOf.Clear();
        newest = 0;
    }

    public void Dispose()
    {
        Reset();
        foreach (var alias in aliases) alias.Dispose();
    }

    private static void Dispose(List<Tensor> contents)
    {
        foreach (var tensor in contents) tensor.Dispose();
    }

    private void Exchange(int i, List<Tensor> contents)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        // Three copies rather than three pointers: the graphs know the parameters' storages.
        var kept = aliases[i].detach().clone();
        aliases[i].copy_(contents[i]);
        contents[i].copy_(kept);
    }

    // In the opposite order: of two parameters that share values the second exchange has found what the first had put there.
    private void ExchangeBack(List<Tensor> contents)
    {
        for (var i = aliases.Count - 1; i >= 0; i--) Exchange(i, contents);
    }

    /// <summary>An older version in its place.</summary>
    public readonly struct Lease(WeightStash stash, List<Tensor> contents) : IDisposable
    {
        public void Dispose() => stash?.ExchangeBack(contents);
    }
}
