using PipelineSdk.Diagnostics;
using PipelineSdk.Model;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>
/// A model cut into stages that run on threads of their own. One step at a time; a pipeline may be called from any thread, but a
/// call while another runs is refused. Disposing ends the threads and leaves the model alone; a step that runs then is given up between two
/// actions, with an <see cref="ObjectDisposedException"/>.
/// </summary>
/// <remarks>
/// <para>Several pipelines may be built on one model and take turns, such as one per number of micro-batches; while one trains it, a call of another is refused.</para>
/// <para>A pipeline is for the modules and parameters that the model has when it is built. It looks for others before every step, and refuses them. Values,
/// <c>requires_grad</c>, <c>train()</c> and <c>eval()</c> may change.</para>
/// </remarks>
/// <typeparam name="TModel">The annotated model class.</typeparam>
public interface IPipeline<TModel> : IDisposable, IAsyncDisposable
    where TModel : nn.Module, IPipelineModel<TModel>
{
    /// <summary>The user's model. The pipeline does not own it: its parameters receive the gradients, and disposing it stays the user's.</summary>
    TModel Model { get; }

    /// <summary>The names of the stages, in order.</summary>
    IReadOnlyList<string> StageNames { get; }

    /// <summary>
    /// What <see cref="PipelineOptions.Optimizer"/> made: one optimizer for each worker with parameters, in order; none where it is not set. Make
    /// learning-rate schedulers of them, one each, and step those after <c>TrainStep</c>. They belong to the pipeline.
    /// </summary>
    IReadOnlyList<optim.Optimizer> Optimizers { get; }

    /// <summary>
    /// What every worker did in the last step that ended well, training or not, and when; null before the first. <c>LastStep.Explain()</c> says where
    /// the time went.
    /// </summary>
    StepTimeline? LastStep { get; }

    /// <summary>
    /// Runs forward and backward of one mini-batch through all stages and adds the gradients to <c>Model.parameters()</c>, as
    /// <c>loss.backward()</c> on the uncut model and the undivided batch would.
    /// </summary>
    /// <param name="inputs">The arguments of <c>forward</c>; tensors of shape <c>[batch, ...]</c>.</param>
    /// <param name="targets">What the loss compares with, of shape <c>[batch, ...]</c>.</param>
    /// <param name="loss">
    /// Takes the model's result and the targets of one micro-batch and returns a scalar tensor, averaged or summed over the
    /// samples as <see cref="PipelineOptions.LossReduction"/> says. Runs on the last stage's thread.
    /// </param>
    /// <param name="cancellationToken">Gives the step up between two actions.</param>
    /// <returns>The loss of the whole mini-batch, and the step's timeline. Holds no tensors.</returns>
    /// <exception cref="ArgumentException">The inputs or targets do not fit the model, each other, or the number of micro-batches.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another step is running, of this pipeline or of another that is built on the same model; or the model has other modules or parameters than when the pipeline
    /// was built; or a worker's thread is gone.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The pipeline, the model or an input has been disposed, the pipeline perhaps meanwhile.</exception>
    /// <exception cref="PipelineStallException">The step could not go on: see <see cref="PipelineOptions.StallTimeout"/>.</exception>
    /// <exception cref="PipelineException">A stage or the loss failed; gradients of the step may have been added in part.</exception>
    /// <exception cref="OperationCanceledException">The step was cancelled; gradients may have been added in part.</exception>
    StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>
    /// As the other overload, with a loss module. The way it averages over samples is taken from the module's own
    /// <c>reduction</c>, whatever <see cref="PipelineOptions.LossReduction"/> says.
    /// </summary>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep(
        ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>As the first overload, for a model whose result is not one tensor: a tuple, a record.</summary>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep<TResult>(
        ModelInputs inputs, Tensor targets, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>As the other overloads, for a loss that compares with several tensors, such as classes and boxes, or for several losses added up.</summary>
    /// <param name="inputs">The arguments of <c>forward</c>.</param>
    /// <param name="targets">What the loss compares with, each of shape <c>[batch, ...]</c>; split like the inputs.</param>
    /// <param name="loss">Takes the model's result and the targets of one micro-batch, in order, and returns a scalar tensor.</param>
    /// <param name="cancellationToken">Gives the step up between two actions.</param>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep<TResult>(
        ModelInputs inputs, IReadOnlyList<Tensor> targets, Func<TResult, IReadOnlyList<Tensor>, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>
    /// As the other overloads, for a model that gets its targets as inputs and computes the loss itself; the last stage computes it.
    /// </summary>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <param name="inputs">The arguments of <c>forward</c>, targets among them.</param>
    /// <param name="loss">Picks the loss from the result, such as <c>result =&gt; result.loss</c>.</param>
    /// <param name="cancellationToken">Gives the step up between two actions.</param>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep<TResult>(ModelInputs inputs, Func<TResult, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>
    /// As the first overload, with micro-batches that the caller has made: they may differ in length and shape. Under a schedule without flushes each
    /// is a mini-batch of its own.
    /// </summary>
    /// <param name="microBatches">The micro-batches, in order; at least one.</param>
    /// <param name="loss">Takes the model's result and the targets of one micro-batch and returns a scalar tensor.</param>
    /// <param name="cancellationToken">Gives the step up between two actions.</param>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep(
        IReadOnlyList<MicroBatch> microBatches, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>As the other overload, for a model whose result is not one tensor.</summary>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="TrainStep(IReadOnlyList{MicroBatch}, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep<TResult>(
        IReadOnlyList<MicroBatch> microBatches, Func<TResult, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>As the other overload, with a loss module.</summary>
    /// <inheritdoc cref="TrainStep(IReadOnlyList{MicroBatch}, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    StepResult TrainStep(
        IReadOnlyList<MicroBatch> microBatches, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>Runs forward only, without gradients, and returns the outputs of the whole batch in the order of the inputs.</summary>
    /// <remarks>Train or evaluation mode is the model's own: call <c>Model.eval()</c> first where layers behave differently.</remarks>
    /// <param name="inputs">The arguments of <c>forward</c>. A batch smaller than the number of micro-batches is split into single samples.</param>
    /// <param name="cancellationToken">Gives up between two actions.</param>
    /// <returns>A tensor of shape <c>[batch, ...]</c>, owned by the caller (and by the caller's dispose scope, if there is one).</returns>
    /// <exception cref="NotSupportedException">The model's result has another type.</exception>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)" path="/exception"/>
    Tensor Forward(ModelInputs inputs, CancellationToken cancellationToken = default);

    /// <summary>As the other overload, for a model whose result is not one tensor.</summary>
    /// <remarks>
    /// Tensors of the result are concatenated along the first dimension; scalar tensors, such as a loss that the model computes
    /// itself, are added up with the weights of the micro-batches. What is no tensor is that of the first micro-batch.
    /// </remarks>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="Forward(ModelInputs, CancellationToken)"/>
    TResult Forward<TResult>(ModelInputs inputs, CancellationToken cancellationToken = default);

    /// <summary>Runs forward and the loss, without gradients.</summary>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)" path="/param"/>
    /// <inheritdoc cref="TrainStep(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)" path="/exception"/>
    /// <returns>The loss of the whole batch and the outputs; dispose it.</returns>
    EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);

    /// <summary>As the other overload, with a loss module.</summary>
    /// <inheritdoc cref="Evaluate(ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, CancellationToken)"/>
    EvaluationResult Evaluate(
        ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, CancellationToken cancellationToken = default);
}
