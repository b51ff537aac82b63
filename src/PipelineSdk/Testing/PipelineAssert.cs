using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>Asserts about pipelines, for tests in any framework: what does not hold is an exception.</summary>
public static class PipelineAssert
{
    /// <summary>
    /// Trains the uncut model and the pipeline from the same weights on the same micro-batches, and compares losses, gradients, weights and buffers after
    /// every step: bit for bit, where <see cref="EquivalenceOptions.Tolerance"/> says nothing else.
    /// </summary>
    /// <remarks>
    /// <para>The uncut model runs its own <c>forward</c> on each micro-batch, on the calling thread, with as many intra-op threads as a worker has and
    /// in the schedule's order. So a difference is one of the pipeline's, not of the rounding of undivided batches.</para>
    /// <para>Gradients are set to none before every step. The mode of the model, training or evaluation, is that in which
    /// <paramref name="model"/> returns it.</para>
    /// </remarks>
    /// <param name="model">Builds the model; called twice. The weights of the first are copied to the second.</param>
    /// <param name="options">The pipeline's options.</param>
    /// <param name="batches">Inputs and targets of shape <c>[batch, ...]</c>; at least one. They stay the caller's.</param>
    /// <param name="loss">The loss of the model's result and the targets of a micro-batch, reduced as <see cref="PipelineOptions.LossReduction"/> says.</param>
    /// <param name="optimizer">Builds the optimizer over a model's parameters; called twice. SGD with a learning rate of 0.01 where null. Where <see cref="PipelineOptions.Optimizer"/> is set, that one trains both, and this must be null.</param>
    /// <param name="comparison">Steps and tolerance.</param>
    /// <exception cref="PipelineEquivalenceException">Something differs.</exception>
    /// <exception cref="ArgumentException">There is no batch, or it can't be divided here; the schedule has no flush; there are two optimizers.</exception>
    public static void EquivalentTo<TModel>(
        Func<TModel> model,
        PipelineOptions options,
        IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches,
        Func<Tensor, Tensor, Tensor> loss,
        Func<IEnumerable<Parameter>, optim.Optimizer>? optimizer = null,
        EquivalenceOptions? comparison = null)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
        => EquivalentTo<TModel, Tensor>(model, static (uncut, inputs) => uncut.call((Tensor)inputs.Values[0]!), options, batches, loss, optimizer, comparison);

    /// <summary>As the other overload, with a loss module, whose own reduction counts.</summary>
    /// <inheritdoc cref="EquivalentTo{TModel}(Func{TModel}, PipelineOptions, IEnumerable{ValueTuple{ModelInputs, Tensor}}, Func{Tensor, Tensor, Tensor}, Func{IEnumerable{Parameter}, optim.Optimizer}?, EquivalenceOptions?)"/>
    public static void EquivalentTo<TModel>(
        Func<TModel> model,
        PipelineOptions options,
        IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches,
        Loss<Tensor, Tensor, Tensor> loss,
        Func<IEnumerable<Parameter>, optim.Optimizer>? optimizer = null,
        EquivalenceOptions? comparison = null)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loss);
        EquivalentTo<TModel>(model, options.With(LossModules.ReductionOf(loss)), batches, loss.call, optimizer, comparison);
    }

    /// <summary>As the other overloads, for a model of several inputs, or whose result is not one tensor.</summary>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <param name="model">Builds the model; called twice. The weights of the first are copied to the second.</param>
    /// <param name="forward">
    /// Calls the uncut model's <c>forward</c> with a micro-batch, such as <c>(model, inputs) => model.call(inputs.Get&lt;Tensor&gt;("Net", 0, "x"), ...)</c>.
    /// </param>
    /// <param name="options">The pipeline's options.</param>
    /// <param name="batches">
    /// Inputs, tensors of shape <c>[batch, ...]</c> or such that <see cref="PipelineOptions.ReplicatedInputs"/> names, and targets; at least one.
    /// </param>
    /// <param name="loss">The loss of the model's result and the targets of a micro-batch, reduced as <see cref="PipelineOptions.LossReduction"/> says.</param>
    /// <param name="optimizer">Builds the optimizer over a model's parameters; called twice. SGD with a learning rate of 0.01 where null. Where <see cref="PipelineOptions.Optimizer"/> is set, that one trains both, and this must be null.</param>
    /// <param name="comparison">Steps and tolerance.</param>
    /// <inheritdoc cref="EquivalentTo{TModel}(Func{TModel}, PipelineOptions, IEnumerable{ValueTuple{ModelInputs, Tensor}}, Func{Tensor, Tensor, Tensor}, Func{IEnumerable{Parameter}, optim.Optimizer}?, EquivalenceOptions?)"/>
    public static void EquivalentTo<TModel, TResult>(
        Func<TModel> model,
        Func<TModel, ModelInputs, TResult> forward,
        PipelineOptions options,
        IEnumerable<(ModelInputs Inputs, Tensor Targets)> batches,
        Func<TResult, Tensor, Tensor> loss,
        Func<IEnumerable<Parameter>, optim.Optimizer>? optimizer = null,
        EquivalenceOptions? comparison = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(batches);
        Compare(model, forward, options, [.. batches.Select(static batch => new ComparedBatch.Whole(batch.Inputs, batch.Targets))], loss, optimizer, comparison);
    }

    /// <summary>
    /// As the other overloads, on micro-batches that the caller has made: for inputs of any type, such as records and lists of tensors, and for micro-batches of different
    /// lengths.
    /// </summary>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <param name="model">Builds the model; called twice. The weights of the first are copied to the second.</param>
    /// <param name="forward">Calls the uncut model's <c>forward</c> with a micro-batch.</param>
    /// <param name="options">The pipeline's options.</param>
    /// <param name="batches">The micro-batches of each step; at least one step. They stay the caller's.</param>
    /// <param name="loss">The loss of the model's result and the targets of a micro-batch, reduced as <see cref="PipelineOptions.LossReduction"/> says.</param>
    /// <param name="optimizer">Builds the optimizer over a model's parameters; called twice. SGD with a learning rate of 0.01 where null. Where <see cref="PipelineOptions.Optimizer"/> is set, that one trains both, and this must be null.</param>
    /// <param name="comparison">Steps and tolerance.</param>
    /// <inheritdoc cref="EquivalentTo{TModel, TResult}(Func{TModel}, Func{TModel, ModelInputs, TResult}, PipelineOptions, IEnumerable{ValueTuple{ModelInputs, Tensor}}, Func{TResult, Tensor, Tensor}, Func{IEnumerable{Parameter}, optim.Optimizer}?, EquivalenceOptions?)"/>
    public static void EquivalentTo<TModel, TResult>(
        Func<TModel> model,
        Func<TModel, ModelInputs, TResult> forward,
        PipelineOptions options,
        IEnumerable<IReadOnlyList<MicroBatch>> batches,
        Func<TResult, Tensor, Tensor> loss,
        Func<IEnumerable<Parameter>, optim.Optimizer>? optimizer = null,
        EquivalenceOptions? comparison = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(batches);
        Compare(model, forward, options, [.. batches.Select(static microBatches => new ComparedBatch.Parts(microBatches))], loss, optimizer, comparison);
    }

    private static void Compare<TModel, TResult>(
        Func<TModel> model, Func<TModel, ModelInputs, TResult> forward, PipelineOptions options, IReadOnlyList<ComparedBatch> batches,
        Func<TResult, Tensor, Tensor> loss, Func<IEnumerable<Parameter>, optim.Optimizer>? optimizer, EquivalenceOptions? comparison)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(loss);
        if (batches.Count == 0) throw new ArgumentException("There is no batch to compare on.", nameof(batches));
        if (options.Optimizer is not null && optimizer is not null) throw new ArgumentException("PipelineOptions.Optimizer is set as well: leave one of the two null.", nameof(optimizer));
        optimizer ??= static parameters => optim.SGD(parameters, 0.01);
        comparison ??= new EquivalenceOptions();

        using var scope = NewDisposeScope();
        using var run = new EquivalenceRun<TModel, TResult>(model, forward, options, loss, optimizer, comparison.Tolerance);
        for (var step = 0; step < (comparison.Steps ?? batches.Count); step++)
        {
            using var inner = NewDisposeScope();
            run.Step(step, batches[step % batches.Count]);
        }
    }
}
