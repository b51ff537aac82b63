using System.Runtime.ExceptionServices;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>Finds out what the segments of a model cost: by measuring, or from the shapes of their parameters.</summary>
public static class PipelineProfiler
{
    /// <summary>Costs per sample from the shapes of the parameters alone, without running the model.</summary>
    /// <remarks>
    /// <para>Times are in arithmetic operations. A weight counts as used once per sample; the rows of an embedding as looked up. How
    /// often the weights of a convolution are used depends on the size of its input, which the model does not say: the convolutions
    /// with the most channels are taken to work on maps of size 4 in every dimension, and others on maps as much larger as they have
    /// fewer channels. Layers without parameters cost nothing. Models that are built otherwise come out wrong: measure them.</para>
    /// <para>Bytes: parameters; gradients of those that train; as activations the outputs of layers with weights. Where a segment
    /// and the next are pinned to one stage, or share a parameter, no stage may end between them.</para>
    /// </remarks>
    /// <param name="model">The model; left as it is.</param>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    public static ModelProfile Estimate<TModel>(TModel model)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        return SegmentEstimate.Of(TModel.Blueprint, model);
    }

    /// <summary>Runs every segment forward and backward on one micro-batch, again and again, and takes the median times.</summary>
    /// <remarks>
    /// <para>Times are in milliseconds, with as many intra-op threads as a worker gets, on a thread of its own. The last segment's
    /// hold the loss. The gradient of the weights is measured by itself, and that of the input is what is left of the backward; a
    /// segment that nothing flows back through costs nothing there.</para>
    /// <para>Bytes: of the tensors alive at the cut after a segment; of its parameters; of the gradients of those that train; and as
    /// activations the tensors that it takes and makes, each once. What a module disposes before it returns (a <c>Sequential</c> its
    /// intermediate results), and what libtorch keeps for itself, is not seen. Optimizer state is not counted.</para>
    /// <para>The model is left as it was, bit for bit: gradients, buffers, mode, and the random number generator of the process.
    /// Nothing else may use it meanwhile.</para>
    /// </remarks>
    /// <param name="model">The model, in the mode that it is to be measured in.</param>
    /// <param name="inputs">The arguments of <c>forward</c> for one micro-batch, of the size that it is to have; left as they are.</param>
    /// <param name="targets">What the loss compares with.</param>
    /// <param name="loss">The loss, as <see cref="IPipeline{TModel}"/> takes it.</param>
    /// <param name="options">How to measure; the defaults where null.</param>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <exception cref="ArgumentException">The inputs do not fit <c>forward</c>, or do not say how many samples they hold.</exception>
    /// <exception cref="InvalidOperationException">A segment or the loss failed; the message names it.</exception>
    /// <exception cref="NotSupportedException">The model is not on the CPU.</exception>
    public static ModelProfile Measure<TModel>(
        TModel model, ModelInputs inputs, Tensor targets, Func<Tensor, Tensor, Tensor> loss, ProfilerOptions? options = null)
        where TModel : nn.Module, IPipelineModel<TModel>
        => Measure<TModel, Tensor>(model, inputs, targets, loss, options);

    /// <summary>As the other overload, with a loss module.</summary>
    /// <inheritdoc cref="Measure{TModel}(TModel, ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, ProfilerOptions)"/>
    public static ModelProfile Measure<TModel>(
        TModel model, ModelInputs inputs, Tensor targets, Loss<Tensor, Tensor, Tensor> loss, ProfilerOptions? options = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Measure<TModel, Tensor>(model, inputs, targets, loss.call, options);
    }

    /// <summary>As the first overload, for a model whose result is not one tensor: a tuple, a record.</summary>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="Measure{TModel}(TModel, ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, ProfilerOptions)"/>
    public static ModelProfile Measure<TModel, TResult>(
        TModel model, ModelInputs inputs, Tensor targets, Func<TResult, Tensor, Tensor> loss, ProfilerOptions? options = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(loss);
        return Measure<TModel, TResult>(model, inputs, targets, result => loss(result, targets), options);
    }

    /// <summary>As the other overloads, for a model that gets its targets as inputs and computes the loss itself.</summary>
    /// <param name="model">The model, in the mode that it is to be measured in.</param>
    /// <param name="inputs">The arguments of <c>forward</c> for one micro-batch, targets among them; left as they are.</param>
    /// <param name="loss">Picks the loss from the result, such as <c>result =&gt; result.loss</c>.</param>
    /// <param name="options">How to measure; the defaults where null.</param>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <typeparam name="TResult">The type that <c>forward</c> returns.</typeparam>
    /// <inheritdoc cref="Measure{TModel}(TModel, ModelInputs, Tensor, Func{Tensor, Tensor, Tensor}, ProfilerOptions)"/>
    public static ModelProfile Measure<TModel, TResult>(
        TModel model, ModelInputs inputs, Func<TResult, Tensor> loss, ProfilerOptions? options = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(loss);
        return Measure<TModel, TResult>(model, inputs, null, loss, options);
    }

    private static ModelProfile Measure<TModel, TResult>(
        TModel model, ModelInputs inputs, Tensor? targets, Func<TResult, Tensor> loss, ProfilerOptions? options)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(model);
        options ??= new ProfilerOptions();
        var blueprint = TModel.Blueprint;
        if (model.parameters().FirstOrDefault(parameter => parameter.device.type != DeviceType.CPU) is { } elsewhere)
        {
            throw new NotSupportedException(
                $"{blueprint.ModelName} is on {elsewhere.device}: only models on the CPU can be measured yet. Use PipelineProfiler.Estimate.");
        }

        if (options.TuneAllocator) NativeAllocator.Tune();
        var bound = blueprint.BindInputs(inputs);
        var samples = options.Samples ?? SamplesOf(blueprint.ModelName, bound, targets);
        var profiler = new ModelProfiler<TModel>(
            model, blueprint, bound, output => loss(ModelResult.As<TModel, TResult>(blueprint, output)));
        var named = blueprint.SegmentsOf(model).Select(segment => segment.PinnedStage).Distinct().Count(stage => stage is not null);
        return OnOwnThread(
            () => profiler.Measure(samples, options), options.IntraOpThreads ?? WorkerThreadSettings.CoresPerWorker(named == 0 ? null : named));
    }

    private static int SamplesOf(string modelName, Boundary inputs, Tensor? targets)
    {
        var lead = targets ?? BoundaryTensors.List(inputs).Find(tensor => tensor is { ndim: > 0 });
        return lead is { ndim: > 0 } ? checked((int)lead.shape[0]) : throw new ArgumentException(
            $"{(targets is null ? $"No input of {modelName}.forward is a tensor with dimensions" : "The targets are a scalar tensor")}: "
            + "say how many samples they hold with ProfilerOptions.Samples.");
    }

    /// <summary>The calling thread keeps its own number of intra-op threads, and its dispose scopes see nothing.</summary>
    private static ModelProfile OnOwnThread(Func<ModelProfile> measure, int intraOpThreads)
    {
        ModelProfile? profile = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    new WorkerThreadSettings(null, intraOpThreads).Apply(0);
                    profile = measure();
                }
#pragma warning disable CA1031 // An exception that leaves a thread ends the process; the caller gets it instead.
                catch (Exception error)
#pragma warning restore CA1031
                {
                    failure = ExceptionDispatchInfo.Capture(error);
                }
            },
            WorkerThreadSettings.StackSize)
        {
            IsBackground = true,
            Name = "PipelineSdk profiler",
        };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return profile!;
    }
}
