using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>How a mini-batch becomes micro-batches, and what each weighs.</summary>
public sealed class MicroBatchTests
{
    private const long Padding = 0;

    [Fact]
    public void Micro_batches_may_have_lengths_of_their_own()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        MicroBatch[] parts = [.. new[] { (3L, 5L), (1L, 2L), (4L, 9L) }.Select(size => new MicroBatch(randn(size.Item1, size.Item2, 4), randn(size.Item1, size.Item2, 4)))];
        var expected = 0.0;
        foreach (var (inputs, targets) in parts)
        {
            var weight = (double)targets.shape[0] / 8;
            var loss = functional.mse_loss(model.call((Tensor)inputs.Values[0]!), targets);
            autograd.backward(loss, full_like(loss, weight));
            expected += weight * loss.item<float>();
        }

        var gradients = Gradients.Take(model);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 4, IntraOpThreads = 1 });
        var result = pipeline.TrainStep(parts, MSELoss());
        Assert.Equal((expected, 8L, 3), (result.Loss, result.Samples, result.MicroBatchLosses.Count));
        Gradients.AssertEqual(gradients, Gradients.Take(model));

        // And from step to step.
        Assert.Equal(2, pipeline.TrainStep([parts[1], parts[1]], MSELoss()).Samples);
    }

    [Fact]
    public void A_mean_over_tokens_weighs_micro_batches_by_their_tokens()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Embedding(11, 6), Linear(6, 6), Tanh(), Linear(6, 11));
        var tokens = randint(1, 11, [6, 7], ScalarType.Int64);
        var targets = randint(1, 11, [6, 7], ScalarType.Int64);
        for (var row = 0; row < 5; row++) targets[row, TensorIndex.Slice(row + 2)] = Padding;
        targets[0] = Padding;

        Tensor Loss(Tensor output, Tensor of) => functional.cross_entropy(output.view(-1, 11), of.view(-1), ignore_index: Padding);

        var whole = Loss(model.call(tokens), targets);
        whole.backward();
        var undivided = Gradients.Take(model);

        using var pipeline = Pipeline.Create(model, new PipelineOptions
        {
            Stages = 3,
            MicroBatches = 6,
            IntraOpThreads = 1,
            LossWeight = of => of.ne(Padding).sum().item<long>(),
        });
        var result = pipeline.TrainStep(tokens, targets, Loss);
        Assert.Equal(whole.item<float>(), result.Loss, 1e-5);
        Gradients.AssertClose(undivided, Gradients.Take(model));

        // The first sample is padding alone: its mean is no number, and counts nothing.
        Assert.True(double.IsNaN(result.MicroBatchLosses[0]));
        Assert.Throws<InvalidOperationException>(() => pipeline.TrainStep<Tensor>(tokens, output => output.sum()));
    }

    [Fact]
    public void A_first_stage_may_change_its_inputs_in_place()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(new Doubling(), Linear(4, 4), Tanh(), Linear(4, 4));
        var (x, y) = (randn(6, 4), randn(6, 4));
        foreach (var (xs, ys) in x.clone().split(2).Zip(y.split(2)))
            autograd.backward(functional.mse_loss(model.call(xs.clone()), ys), tensor(1.0f / 3));
        var expected = Gradients.Take(model);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 3, IntraOpThreads = 1, Schedule = PipelineSchedule.GPipe });
        var before = x.clone();
        pipeline.TrainStep(x, y, MSELoss());
        Gradients.AssertClose(expected, Gradients.Take(model));
        Assert.True((before * 2).Equals(x));
    }

    [Fact]
    public void A_loss_may_compare_with_several_targets()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y, z) = (randn(6, 4), randn(6, 4), randn(6, 4));
        foreach (var (xs, ys, zs) in x.split(2).Zip(y.split(2), z.split(2))) autograd.backward(Loss(model.call(xs), [ys, zs]) * 1.0, tensor(1.0f / 3));
        var expected = Gradients.Take(model);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 4, MicroBatches = 3, IntraOpThreads = 1 });
        pipeline.TrainStep<Tensor>(x, [y, z], Loss);
        Gradients.AssertClose(expected, Gradients.Take(model));
        var error = Assert.Throws<ArgumentException>(() => pipeline.TrainStep<Tensor>(x, [y, randn(5, 4)], Loss));
        Assert.Contains("The inputs have 6 sample(s), but the targets, number 1, have shape [5, 4]", error.Message, StringComparison.Ordinal);

        static Tensor Loss(Tensor output, IReadOnlyList<Tensor> targets)
            => functional.mse_loss(output, targets[0]) + functional.l1_loss(output, targets[1]);
    }

    [Fact]
    public void The_batch_may_be_another_dimension_than_the_first()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y) = (randn(5, 6, 4), randn(5, 6, 4));
        functional.mse_loss(model.call(x), y).backward();
        var undivided = Gradients.Take(model);
        var options = new PipelineOptions { Stages = 4, MicroBatches = 3, IntraOpThreads = 1, TargetBatchDimension = 1, ResultBatchDimension = 1 };
        options.BatchDimensions["x"] = 1;
        using var pipeline = Pipeline.Create(model, options);
        var result = pipeline.TrainStep(x, y, MSELoss());
        Assert.Equal((6L, 3), (result.Samples, result.MicroBatchLosses.Count));
        Gradients.AssertClose(undivided, Gradients.Take(model));
        using (no_grad()) Assert.True(model.call(x).Equals(pipeline.Forward(x)));
        var error = Assert.Throws<ArgumentException>(() => pipeline.TrainStep(x, randn(6, 5, 4), MSELoss()));
        Assert.Contains("their dimension 1 (PipelineOptions.TargetBatchDimension) must be the same", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => pipeline.Forward(randn(6)));
        Assert.Contains("Input 'x' has shape [6], but PipelineOptions.BatchDimensions says that dimension 1 counts its samples.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_micro_batches_are_named_by_their_number()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 4 });
        var good = new MicroBatch(randn(2, 4), randn(2, 4));
        Assert.Contains(
            "The inputs have 3 sample(s), but the targets of micro-batch 1 have shape [2, 4]",
            Assert.Throws<ArgumentException>(() => pipeline.TrainStep([good, new MicroBatch(randn(3, 4), randn(2, 4))], MSELoss())).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "The targets of micro-batch 0 are null",
            Assert.Throws<ArgumentNullException>(() => pipeline.TrainStep([new MicroBatch(randn(3, 4), null!)], MSELoss())).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "There is no micro-batch", Assert.Throws<ArgumentException>(() => pipeline.TrainStep([], MSELoss())).Message, StringComparison.Ordinal);
        var options = new PipelineOptions { Stages = 4 };
        options.BatchDimensions["y"] = 1;
        Assert.Contains(
            "PipelineOptions.BatchDimensions names 'y', but PiecesNet.forward takes (x).",
            Assert.Throws<ArgumentException>(() => Pipeline.Create(model, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_that_is_no_count_is_refused()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 4, LossWeight = _ => -1 });
        Assert.Contains(
            "PipelineOptions.LossWeight returned -1 for micro-batch 0",
            Assert.Throws<InvalidOperationException>(() => pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss())).Message, StringComparison.Ordinal);
    }

    private static PiecesNet Net() => new(Linear(4, 4), Tanh(), Linear(4, 4), Tanh(), Linear(4, 4));

    private sealed class Doubling() : Module<Tensor, Tensor>(nameof(Doubling))
    {
        public override Tensor forward(Tensor x) => x.mul_(2);
    }
}
