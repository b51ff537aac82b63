using System.Globalization;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The weight-gradient stores of all stages: made for the first program that splits backwards, and what the log says of them.</summary>
internal sealed class WeightGradientStores<TModel>(
    TModel model, string pipeline, IReadOnlyList<StageRunner<TModel>> runners, ILogger logger) : IDisposable
    where TModel : nn.Module
{
    private readonly List<WeightGradientStore> stores = [];
    private bool lookedForCalls;

    /// <summary>Hooks the layers of all stages, once.</summary>
    public void Require(string schedule)
    {
        if (stores.Count > 0) return;
        foreach (var runner in runners)
        {
            runner.Store = WeightGradientStore.Of(model, runner.Stage);
            stores.Add(runner.Store);
        }

        var layers = stores.Sum(store => store.Layers.Count());
        if (layers == 0)
        {
            PipelineLog.NothingToPutOff(logger, pipeline, schedule);
            return;
        }

        var all = runners.Sum(runner => runner.Stage.Parameters.Sum(entry => entry.Parameter.numel()));
        var share = (100.0 * stores.Sum(store => store.ParameterCount) / all).ToString("0.0", CultureInfo.InvariantCulture);
        PipelineLog.PutsOff(logger, pipeline, schedule, layers, share);
    }

    /// <summary>After a step with split backwards, once: which layers turned out not to be put off.</summary>
    public void LookForCalls()
    {
        if (lookedForCalls) return;
        lookedForCalls = true;
        var missed = stores.SelectMany(store => store.NeverCalled).ToList();
        if (missed.Count > 0) PipelineLog.NotPutOff(logger, pipeline, missed.Count, stores.Sum(store => store.Layers.Count()), string.Join(", ", missed.Take(20)));
    }

    public void Dispose()
    {
        foreach (var store in stores) store.Dispose();
    }
}
