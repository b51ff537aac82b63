using PipelineSdk.Diagnostics;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>An uncut model and a pipeline side by side, from the same weights.</summary>
internal sealed class EquivalenceRun<TModel, TResult> : IDisposable
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private readonly Func<TResult, Tensor, Tensor> loss;
    private readonly PipelineOptions options;
    private readonly double? tolerance;
    private readonly TModel whole;
    private readonly TModel cut;
    private readonly Pipeline<TModel> pipeline;
    private readonly UncutTrainer<TModel, TResult> uncut;
    private readonly optim.Optimizer wholeOptimizer;
    private readonly optim.Optimizer? cutOptimizer;

    public EquivalenceRun(
        Func<TModel> model, Func<TModel, ModelInputs, TResult> forward, PipelineOptions options, Func<TResult, Tensor, Tensor> loss,
        Func<IEnumerable<Parameter>, optim.Optimizer> optimizer, double? tolerance)
    {
        this.loss = loss;
        this.options = options;
        this.tolerance = tolerance;
        (whole, cut) = (model(), model());
        if (ReferenceEquals(whole, cut)) throw new ArgumentException("The function returned one model twice: it must build a new one in each call.", nameof(model));
        cut.load_state_dict(whole.state_dict());
        pipeline = new Pipeline<TModel>(cut, options, null);
        if (pipeline.IsAsynchronous)
        {
            Dispose();
            throw new ArgumentException(
                $"{options.Schedule.Name} has no flush: its gradients are stale, so it computes something else than the uncut model, by definition. Compare the model under one "
                + "with a flush, such as PipelineSchedule.OneForwardOneBackward: what is cut, and how, is the same.",
                nameof(options));
        }

        uncut = new UncutTrainer<TModel, TResult>(whole, forward, loss, options, TModel.Blueprint.ModelName);
        wholeOptimizer = options.Optimizer is { } own ? own(whole.named_parameters()) : optimizer(whole.parameters());
        cutOptimizer = options.Optimizer is null ? optimizer(cut.parameters()) : null;
    }

    /// <summary>Trains one step on both sides and compares.</summary>
    public void Step(int step, ComparedBatch batch)
    {
        if (step % options.AccumulationSteps == 0)
        {
            ClearGradients(whole);
            ClearGradients(cut);
        }

        var changesWeights = (step + 1) % options.AccumulationSteps == 0;
        var result = batch.Train(pipeline, loss);
        var expected = StepUncut(batch.Pieces(TModel.Blueprint, options, result.Timeline.MicroBatches), result.Timeline);
        if (changesWeights && options is { Optimizer: not null, MaxGradientNorm: { } norm }) nn.utils.clip_grad_norm_(whole.parameters(), norm);

        Compare(step, EquivalenceSubject.Loss, [(null, tensor(expected), tensor(result.Loss))], result.Timeline);
        Compare(step, EquivalenceSubject.Gradient, Pairs(whole.named_parameters(), cut.named_parameters(), static parameter => parameter.grad), result.Timeline);
        Compare(step, EquivalenceSubject.Buffer, Pairs(whole.named_buffers(), cut.named_buffers(), static buffer => buffer), result.Timeline);
        if (changesWeights)
        {
            wholeOptimizer.step();
            cutOptimizer?.step();
        }

        Compare(step, EquivalenceSubject.Weight, Pairs(whole.named_parameters(), cut.named_parameters(), static parameter => parameter.detach()), result.Timeline);
    }

    public void Dispose()
    {
        wholeOptimizer?.Dispose();
        cutOptimizer?.Dispose();
        pipeline.Dispose();
        whole.Dispose();
        cut.Dispose();
    }

    private double StepUncut(IReadOnlyList<MicroBatch> pieces, StepTimeline timeline)
    {
        var threads = get_num_threads();
        set_num_threads(options.IntraOpThreads ?? WorkerThreadSettings.CoresPerWorker(timeline.Workers));
        try
        {
            using var gradients = enable_grad();
            return uncut.Step(pieces, OrderOf(timeline, ActionKind.Forward), OrderOf(timeline, ActionKind.Backward, ActionKind.WeightGradient));
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    // The order of the first stage; schedules that run a step's micro-batches in another order on other stages are not known.
    private static int[] OrderOf(StepTimeline timeline, params ActionKind[] kinds)
        => [.. timeline.Actions.Where(record => record.Action.Stage == 0 && kinds.Contains(record.Action.Kind)).OrderBy(record => record.Start).Select(record => record.Action.MicroBatch)];

    private static void ClearGradients(nn.Module model)
    {
        foreach (var parameter in model.parameters()) parameter.grad = null;
    }

    private static IEnumerable<(string? Name, Tensor? Expected, Tensor? Actual)> Pairs<T>(
        IEnumerable<(string Name, T Value)> expected, IEnumerable<(string Name, T Value)> actual, Func<T, Tensor?> of)
        => expected.Zip(actual, (first, second) => ((string?)first.Name, of(first.Value), of(second.Value)));

    private void Compare(int step, EquivalenceSubject subject, IEnumerable<(string? Name, Tensor? Expected, Tensor? Actual)> pairs, StepTimeline timeline)
    {
        foreach (var (name, expected, actual) in pairs)
        {
            if (TensorDifference.Between(expected, actual, tolerance) is not { } difference) continue;
            throw new PipelineEquivalenceException(
                TModel.Blueprint.ModelName, step, subject, name, difference.Largest, difference.Text, LikelyReason.Of(cut, subject, options, timeline, expected));
        }
    }
}
