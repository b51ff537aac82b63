using PipelineSdk.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// The batch normalisation layers of a pipeline whose running statistics are updated once per step. Hooks on the layers take the statistics of each
/// micro-batch while a worker says which one it runs; at other times, and on other threads, they do nothing.
/// </summary>
internal sealed class DeferredBatchNorms : IDisposable
{
    [ThreadStatic]
    private static DeferredBatchNorms? active;

    [ThreadStatic]
    private static int current;

    private readonly string modelName;
    private readonly List<DeferredNorm> norms = [];
    private readonly List<Action> removals = [];

    private DeferredBatchNorms(string modelName) => this.modelName = modelName;

    /// <summary>Hooks the layers of all stages; null where the statistics follow micro-batches.</summary>
    /// <param name="statistics">What the options say.</param>
    /// <param name="modelName">The model's name, for errors.</param>
    /// <param name="modules">All modules of all stages, by their names in the model.</param>
    public static DeferredBatchNorms? Of(BatchNormStatistics statistics, string modelName, IEnumerable<(string Name, nn.Module Module)> modules)
    {
        if (statistics == BatchNormStatistics.MicroBatch) return null;
        var deferred = new DeferredBatchNorms(modelName);
        foreach (var (name, module) in modules.DistinctBy(entry => entry.Module, ReferenceEqualityComparer.Instance))
        {
            if (module is BatchNorm layer) deferred.Hook(new DeferredNorm(name, layer));
        }

        return deferred;
    }

    /// <summary>Begins a step, on the calling thread.</summary>
    public void Begin(int microBatches)
    {
        foreach (var norm in norms) norm.Begin(microBatches);
    }

    /// <summary>From now on the calling thread runs a micro-batch's first forward.</summary>
    public void Enter(int microBatch) => (active, current) = (this, microBatch);

    /// <summary>Not any longer.</summary>
    public static void Leave() => active = null;

    /// <summary>When all forwards have run: what is wrong where the model ran layers with <c>forward</c>; null where nothing is.</summary>
    public InvalidOperationException? Missed()
    {
        var missed = norms.Where(norm => norm.WasMissed()).Select(norm => norm.Name).ToList();
        return missed.Count == 0 ? null : new InvalidOperationException(
            $"PipelineOptions.BatchNorm is Deferred, but {modelName} runs {string.Join(", ", missed)} with forward(...), where TorchSharp runs no hooks, so that their "
            + "statistics can't be taken. Run them with call(...), or set BatchNormStatistics.MicroBatch. The running statistics are as before the step.");
    }

    /// <summary>Ends a step, on the calling thread.</summary>
    public void End(bool succeeded)
    {
        foreach (var norm in norms) norm.End(succeeded);
    }

    /// <summary>Takes the hooks away. Leaves the layers alone.</summary>
    public void Dispose()
    {
        foreach (var remove in removals) remove();
        foreach (var norm in norms) norm.Dispose();
    }

    private void Hook(DeferredNorm norm)
    {
        var hook = norm.Layer.register_forward_hook((_, input, _) =>
        {
            if (ReferenceEquals(active, this) && norm.IsDeferred) norm.Record(current, input);
            return null!;
        });
        removals.Add(hook.remove);
        norms.Add(norm);
    }
}
