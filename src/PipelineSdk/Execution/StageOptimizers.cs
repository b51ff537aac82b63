using PipelineSdk.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Gives the workers their optimizers, and the stages versions of their weights where the schedule needs them.</summary>
internal static class StageOptimizers
{
    /// <summary>The optimizers; null where the optimizer is the caller's.</summary>
    public static PipelineOptimizers? Create<TModel>(
        TModel model, PipelineOptions options, IReadOnlyList<StageRunner<TModel>> runners, StepPrograms programs, TiedWeights tied)
        where TModel : nn.Module
    {
        if (options.Optimizer is null) return null;
        if (!programs.First.IsAsynchronous)
        {
            return new PipelineOptimizers(model, options, tied, Enumerable.Range(0, programs.Workers).Select(worker => ParametersOf(
                runners.Where(runner => programs.WorkerOfStage[runner.Stage.Index] == worker))));
        }

        // A stage changes its weights while others, also of the same worker, still use theirs: each has an optimizer of its own.
        foreach (var runner in runners) runner.Weights = new WeightStash(runner.Stage.Parameters);
        try
        {
            var optimizers = new PipelineOptimizers(model, options, tied, runners.Select(runner => runner.Weights!.ForOptimizer));
            foreach (var (runner, optimizer) in runners.Zip(optimizers.Workers)) runner.Optimizer = optimizer;
            return optimizers;
        }
        catch
        {
            foreach (var runner in runners) runner.Weights!.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<(string Name, Parameter Parameter)> ParametersOf<TModel>(IEnumerable<StageRunner<TModel>> runners)
        where TModel : nn.Module
        => [.. runners.SelectMany(runner => runner.Stage.Parameters).DistinctBy(entry => entry.Parameter, ReferenceEqualityComparer.Instance)];
}
