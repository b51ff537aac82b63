using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>A model of the corpus: how it is built, what it is fed with, and its loss.</summary>
public abstract class CorpusCase
{
    /// <summary>The stages it can be run in, at most.</summary>
    public abstract int MaximumStages { get; }

    /// <summary>
    /// Trains a step and then predicts, uncut on the same micro-batches and as a pipeline, from the same weights: loss, gradients, buffers
    /// and results must be equal bit for bit.
    /// </summary>
    public abstract void AssertEqualsUncut(PipelineSchedule schedule, int stages);

    /// <summary>A model of one tensor in and one out; mean squared error where no loss is given.</summary>
    public static CorpusCase Of<TModel>(
        Func<TModel> create,
        Func<long, Tensor> input,
        Func<long, Tensor> target,
        Func<Tensor, Tensor, Tensor>? loss = null,
        bool evaluation = false)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
        => Of(create, static (model, inputs) => model.forward(inputs.T(0)), n => [input(n)], target, loss ?? Losses.Mse, evaluation);

    /// <summary>A model of any inputs and result.</summary>
    /// <param name="create">Builds the model.</param>
    /// <param name="forward">Calls it without a pipeline.</param>
    /// <param name="inputs">The arguments of <c>forward</c> for so many samples.</param>
    /// <param name="target">What the loss compares with.</param>
    /// <param name="loss">The loss, averaged over the samples.</param>
    /// <param name="evaluation">Whether it trains in evaluation mode, because it drops out.</param>
    /// <param name="replicated">Inputs that every micro-batch gets whole.</param>
    /// <param name="slice">Rows of an input that is no tensor: the input, the first row, the number of rows.</param>
    public static CorpusCase Of<TModel, TResult>(
        Func<TModel> create,
        Func<TModel, object?[], TResult> forward,
        Func<long, object?[]> inputs,
        Func<long, Tensor> target,
        Func<TResult, Tensor, Tensor> loss,
        bool evaluation = false,
        string[]? replicated = null,
        Func<object, long, long, object>? slice = null)
        where TModel : nn.Module, IPipelineModel<TModel>
        => new CorpusCase<TModel, TResult>
        {
            Create = create,
            Forward = forward,
            Inputs = inputs,
            Target = target,
            Loss = loss,
            Evaluation = evaluation,
            Replicated = replicated ?? [],
            Slice = slice,
        };

    /// <summary>A model that computes the loss itself.</summary>
    public static CorpusCase Of<TModel, TResult>(
        Func<TModel> create,
        Func<TModel, object?[], TResult> forward,
        Func<long, object?[]> inputs,
        Func<TResult, Tensor> loss,
        bool evaluation = false)
        where TModel : nn.Module, IPipelineModel<TModel>
        => new CorpusCase<TModel, TResult>
        {
            Create = create,
            Forward = forward,
            Inputs = inputs,
            Loss = (result, _) => loss(result),
            Evaluation = evaluation,
        };
}
