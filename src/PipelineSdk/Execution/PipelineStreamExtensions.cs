using PipelineSdk.Execution;
using PipelineSdk.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>Runs a pipeline over many batches, one after another, without gradients.</summary>
public static class PipelineStreamExtensions
{
    /// <summary>Predicts batch by batch: the outputs of a batch are computed when they are asked for.</summary>
    /// <remarks>Train or evaluation mode is the model's own: call <c>Model.eval()</c> first. Steps of other kinds may run between two batches.</remarks>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="batches">The arguments of <c>forward</c>; read one by one, and left to their owner. Batches may differ in size.</param>
    /// <param name="cancellationToken">Gives up between two actions.</param>
    /// <returns>For each batch, in their order, a tensor of shape <c>[batch, ...]</c>, owned by the caller (and by the dispose scope in which it is asked for).</returns>
    /// <exception cref="PipelineException">A stage failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IEnumerable<Tensor> Predict<TModel>(
        this IPipeline<TModel> pipeline, IEnumerable<ModelInputs> batches, CancellationToken cancellationToken = default)
        where TModel : nn.Module, IPipelineModel<TModel>
        => Predict<TModel, Tensor>(pipeline, batches, cancellationToken);

    /// <summary>As the other overload, for a model whose result is not one tensor.</summary>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="Predict{TModel}(IPipeline{TModel}, IEnumerable{ModelInputs}, CancellationToken)"/>
    public static IEnumerable<TResult> Predict<TModel, TResult>(
        this IPipeline<TModel> pipeline, IEnumerable<ModelInputs> batches, CancellationToken cancellationToken = default)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(batches);
        return batches.Select(inputs => pipeline.Forward<TResult>(inputs, cancellationToken));
    }

    /// <summary>Evaluates batch by batch: the loss over all of them, and figures of the user's own.</summary>
    /// <remarks>
    /// A batch counts by its samples where the loss is a mean (by what <see cref="PipelineOptions.LossWeight"/> says, where it is set), so that a short last batch counts
    /// less. Train or evaluation mode is the model's own: call <c>Model.eval()</c> first.
    /// </remarks>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="batches">Inputs and targets; read one by one, and left to their owner.</param>
    /// <param name="loss">As for <c>Evaluate</c> of one batch.</param>
    /// <param name="metrics">Other figures.</param>
    /// <param name="progress">Is told of every batch when it is done.</param>
    /// <param name="cancellationToken">Gives up between two actions.</param>
    /// <exception cref="ArgumentException">There is no batch, or two figures have one name.</exception>
    /// <exception cref="PipelineException">A stage or the loss failed.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static EvaluationSummary Evaluate<TModel>(
        this IPipeline<TModel> pipeline, IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches, Func<Tensor, Tensor, Tensor> loss,
        IReadOnlyList<EvaluationMetric>? metrics = null, IProgress<BatchEvaluation>? progress = null, CancellationToken cancellationToken = default)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(batches, (inputs, targets) => pipeline.Evaluate(inputs, targets, loss, cancellationToken), metrics, progress);
    }

    /// <summary>As the other overload, with a loss module.</summary>
    /// <inheritdoc cref="Evaluate{TModel}(IPipeline{TModel}, IEnumerable{ValueTuple{ModelInputs, Tensor}}, Func{Tensor, Tensor, Tensor}, IReadOnlyList{EvaluationMetric}?, IProgress{BatchEvaluation}?, CancellationToken)"/>
    public static EvaluationSummary Evaluate<TModel>(
        this IPipeline<TModel> pipeline, IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches, Loss<Tensor, Tensor, Tensor> loss,
        IReadOnlyList<EvaluationMetric>? metrics = null, IProgress<BatchEvaluation>? progress = null, CancellationToken cancellationToken = default)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(loss);
        return Evaluate(batches, (inputs, targets) => pipeline.Evaluate(inputs, targets, loss, cancellationToken), metrics, progress);
    }

    private static EvaluationSummary Evaluate(
        IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches, Func<ModelInputs, Tensor, EvaluationResult> evaluate, IReadOnlyList<EvaluationMetric>? metrics,
        IProgress<BatchEvaluation>? progress)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var totals = new EvaluationTotals(metrics ?? []);
        foreach (var (inputs, targets) in batches)
        {
            using var scope = NewDisposeScope();
            using var constant = no_grad();
            var batch = totals.Add(evaluate(inputs, targets), targets);
            progress?.Report(batch);
        }

        return totals.Summary();
    }
}
