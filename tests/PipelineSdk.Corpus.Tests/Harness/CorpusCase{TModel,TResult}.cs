using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>A case with its types.</summary>
/// <remarks>
/// Both sides run with one intra-op thread: a sum that libtorch shares out over more threads is added in another order.
/// </remarks>
internal sealed class CorpusCase<TModel, TResult> : CorpusCase
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private const int Samples = 7;
    private const int MicroBatches = 3;

    public required Func<TModel> Create { get; init; }

    public required Func<TModel, object?[], TResult> Forward { get; init; }

    public required Func<long, object?[]> Inputs { get; init; }

    public Func<long, Tensor>? Target { get; init; }

    public required Func<TResult, Tensor, Tensor> Loss { get; init; }

    public bool Evaluation { get; init; }

    public IReadOnlyList<string> Replicated { get; init; } = [];

    /// <summary>Rows of an argument that is no tensor: the argument, the first row, the number of rows.</summary>
    public Func<object, long, long, object>? Slice { get; init; }

    public override int MaximumStages
    {
        get
        {
            using var model = Create();
            return TModel.Blueprint.PiecesOf(model).Count;
        }
    }

    public override void AssertEqualsUncut(PipelineSchedule schedule, int stages)
    {
        set_num_threads(1);
        manual_seed(1234);
        using var scope = NewDisposeScope();
        using var whole = Create();
        using var cut = Create();
        cut.load_state_dict(whole.state_dict());
        var inputs = Inputs(Samples);
        var samples = inputs.OfType<Tensor>().FirstOrDefault()?.shape[0] ?? Samples;
        var batch = new MicroBatchedInputs(inputs, Target?.Invoke(Samples), MicroBatches, samples, SliceOf);
        var options = new PipelineOptions { Schedule = schedule, Stages = stages, MicroBatches = MicroBatches, IntraOpThreads = 1 };
        options.ReplicatedInputs.UnionWith(Replicated);
        using var pipeline = Pipeline.Create(cut, options);
        Assert.Equal(stages, pipeline.StageNames.Count);

        SetMode(whole, cut, training: !Evaluation);
        var expectedLoss = TrainUncut(whole, batch);
        var step = Train(pipeline, batch);
        Assert.Equal(expectedLoss, step.Loss);
        Assert.True(double.IsFinite(step.Loss));
        Bits.AssertEqual(Bits.Gradients(whole), Bits.Gradients(cut));
        Bits.AssertEqual(Bits.Buffers(whole), Bits.Buffers(cut));

        SetMode(whole, cut, training: false);
        using (no_grad())
        {
            AssertEqualResults(whole, pipeline, batch);
        }

        // The gradients are there by now: another step leaves nothing behind.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var live = Tensor.TotalCount;
        Train(pipeline, batch);
        Assert.InRange(Tensor.TotalCount, 0, live);
    }

    private void AssertEqualResults(TModel whole, IPipeline<TModel> pipeline, MicroBatchedInputs batch)
    {
        var expected = batch.Parts.Select(part => Bits.TensorsOf(Forward(whole, part.Inputs)).ToList()).ToList();
        var actual = Bits.TensorsOf(pipeline.Forward<TResult>(new ModelInputs(batch.Inputs))).ToList();
        Bits.AssertMerged(expected, [.. batch.Parts.Select(part => part.Weight)], actual);
    }

    private StepResult Train(IPipeline<TModel> pipeline, MicroBatchedInputs batch) => batch.Target is { } target
        ? pipeline.TrainStep(new ModelInputs(batch.Inputs), target, Loss)
        : pipeline.TrainStep<TResult>(new ModelInputs(batch.Inputs), result => Loss(result, null!));

    private object? SliceOf(object? input, int position, long from, long size)
    {
        if (input is not Tensor tensor) return input is null || Slice is null ? input : Slice(input, from, size);
        var parameter = typeof(TModel).GetMethod("forward")!.GetParameters()[position];
        return Replicated.Contains(parameter.Name) ? tensor : tensor.narrow(0, from, size);
    }

    private double TrainUncut(TModel model, MicroBatchedInputs batch)
    {
        var total = 0.0;
        foreach (var (inputs, target, weight) in batch.Parts)
        {
            var loss = Loss(Forward(model, inputs), target!);
            autograd.backward(loss, full_like(loss, weight));
            total += weight * loss.item<float>();
        }

        return total;
    }

    private static void SetMode(TModel whole, TModel cut, bool training)
    {
        whole.train(training);
        cut.train(training);
    }
}
