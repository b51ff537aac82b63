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

    public override int MaximumStages
    {
        get
        {
            var segments = TModel.Blueprint.Segments;
            return segments.Where((segment, i) => i == 0 || segment.PinnedStage is null || segment.PinnedStage != segments[i - 1].PinnedStage)
                .Count();
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
        var batch = new MicroBatchedInputs(
            [.. TModel.Blueprint.Inputs.Select(slot => Replicated.Contains(slot.Name))], Inputs(Samples), Target?.Invoke(Samples), MicroBatches);
        var options = new PipelineOptions { Schedule = schedule, Stages = stages, MicroBatches = MicroBatches, IntraOpThreads = 1 };
        options.ReplicatedInputs.UnionWith(Replicated);
        using var pipeline = Pipeline.Create(cut, options);
        Assert.Equal(stages, pipeline.StageNames.Count);

        SetMode(whole, cut, training: !Evaluation);
        var expectedLoss = TrainUncut(whole, batch);
        var step = batch.Target is { } target
            ? pipeline.TrainStep(new ModelInputs(batch.Inputs), target, Loss)
            : pipeline.TrainStep<TResult>(new ModelInputs(batch.Inputs), result => Loss(result, null!));
        Assert.Equal(expectedLoss, step.Loss);
        Assert.True(double.IsFinite(step.Loss));
        Bits.AssertEqual(Bits.Gradients(whole), Bits.Gradients(cut));
        Bits.AssertEqual(Bits.Buffers(whole), Bits.Buffers(cut));

        SetMode(whole, cut, training: false);
        using var quiet = no_grad();
        var expected = batch.Parts.Select(part => Bits.TensorsOf(Forward(whole, part.Inputs)).ToList()).ToList();
        var actual = Bits.TensorsOf(pipeline.Forward<TResult>(new ModelInputs(batch.Inputs))).ToList();
        Bits.AssertMerged(expected, [.. batch.Parts.Select(part => part.Weight)], actual);
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
