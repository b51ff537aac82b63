using PipelineSdk.Model;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Many batches, one after another: predictions in their order, and one evaluation over all.</summary>
public sealed class StreamTests : IDisposable
{
    private static readonly long[] Sizes = [6, 6, 1];

    private readonly HandCutNet model = new();
    private readonly IPipeline<HandCutNet> pipeline;

    public StreamTests() => pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3, IntraOpThreads = 1 });

    public void Dispose()
    {
        pipeline.Dispose();
        model.Dispose();
    }

    [Fact]
    public void Predictions_come_one_by_one_when_they_are_asked_for_and_belong_to_the_caller()
    {
        using var scope = NewDisposeScope();
        var inputs = Sizes.Select(size => randn(size, 6)).ToList();
        var read = 0;
        IEnumerable<ModelInputs> Batches()
        {
            foreach (var x in inputs)
            {
                read++;
                yield return x;
            }
        }

        var done = 0;
        foreach (var output in pipeline.Predict(Batches()))
        {
            Assert.InRange(read, 1, ++done + 1);
            using var expected = model.call(inputs[done - 1]);
            Assert.True(expected.allclose(output, rtol: 1e-5, atol: 1e-6));
            Assert.False(output.requires_grad);
            output.Dispose();
        }

        Assert.Equal(3, done);
        Assert.All(inputs, x => Assert.False(x.IsInvalid));
    }

    [Fact]
    public void Predictions_of_other_types_and_in_a_scope_of_the_caller()
    {
        using var scope = NewDisposeScope();
        using var net = new TwoHeadedNet();
        using var two = Pipeline.Create(net, new PipelineOptions { MicroBatches = 2, ReplicatedInputs = { "mask" } });
        Tensor kept;
        using (NewDisposeScope())
        {
            var results = two.Predict<TwoHeadedNet, (Tensor Value, Tensor Advantage)>([(randn(5, 6), randn(8)), (randn(2, 6), randn(8))]).ToList();
            Assert.Equal([5, 3], results[0].Advantage.shape);
            Assert.Equal([2, 1], results[1].Value.shape);
            kept = results[1].Value;
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_short_last_batch_counts_less_in_a_mean()
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var (x, y) = (cat([.. data.Select(entry => entry.X)]), cat([.. data.Select(entry => entry.Y)]));
        var reports = new List<BatchEvaluation>();
        var summary = pipeline.Evaluate(
            data.Select(entry => ((ModelInputs)entry.X, entry.Y)), MSELoss(),
            [
                new("mae", static (output, target) => (output - target).abs().mean().item<float>()),
                new("below", static (output, target) => output.lt(target).sum().item<long>(), Sums: true),
            ],
            new Reports(reports));

        var output = model.call(x);
        Assert.Equal(functional.mse_loss(output, y).item<float>(), summary.Loss, 1e-5);
        Assert.Equal((output - y).abs().mean().item<float>(), summary.Metrics["mae"], 1e-5);
        Assert.Equal(output.lt(y).sum().item<long>(), summary.Metrics["below"]);
        Assert.Equal((13, 3), (summary.Samples, summary.Batches));
        Assert.Equal([(0L, 6L), (1L, 6L), (2L, 1L)], reports.Select(report => (report.Batch, report.Samples)));
        Assert.Equal(functional.mse_loss(model.call(data[2].X), data[2].Y).item<float>(), reports[2].Loss, 1e-5);
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Sums_add_up_and_weights_of_the_users_own_count()
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var (x, y) = (cat([.. data.Select(entry => entry.X)]), cat([.. data.Select(entry => entry.Y)]));
        var batches = data.Select(entry => ((ModelInputs)entry.X, entry.Y));
        Assert.Equal(functional.mse_loss(model.call(x), y, Reduction.Sum).item<float>(), pipeline.Evaluate(batches, MSELoss(Reduction.Sum)).Loss, 1e-4);

        // Only targets above zero count: a mean over as many as there are.
        static Tensor Masked(Tensor output, Tensor target) => (output - target).pow(2).mul(target.gt(0)).sum() / target.gt(0).sum();
        using var weighted = Pipeline.Create(
            model, new PipelineOptions { MicroBatches = 1, LossWeight = static targets => targets.gt(0).sum().item<long>() });
        var positive = y.abs().neg();
        positive[0] = y[0].abs() + 1;
        positive[7] = y[7].abs() + 1;
        positive[12] = y[12].abs() + 1;
        var split = data.Zip(positive.split(Sizes), (entry, target) => ((ModelInputs)entry.X, target));
        Assert.Equal(Masked(model.call(x), positive).item<float>(), weighted.Evaluate(split, Masked).Loss, 1e-4);
    }

    [Fact]
    public void Nothing_is_left_behind_and_what_makes_no_sense_is_refused()
    {
        using var scope = NewDisposeScope();
        var data = Data();
        var batches = data.Select(entry => ((ModelInputs)entry.X, entry.Y)).ToList();
        pipeline.Evaluate(batches, MSELoss());
        var live = LiveTensors.Settled();
        pipeline.Evaluate(batches, MSELoss(), [new("sum", static (output, target) => (output + target).sum().item<float>())]);
        Assert.Equal(live, LiveTensors.Settled());

        Assert.Throws<ArgumentException>(() => pipeline.Evaluate([], MSELoss()));
        Assert.Throws<ArgumentException>(() => pipeline.Evaluate(batches, MSELoss(), [new("same", static (_, _) => 0), new("same", static (_, _) => 0)]));
    }

    private static List<(Tensor X, Tensor Y)> Data() => [.. Sizes.Select(size => (randn(size, 6), randn(size, 3)))];

    private sealed class Reports(List<BatchEvaluation> reports) : IProgress<BatchEvaluation>
    {
        public void Report(BatchEvaluation value) => reports.Add(value);
    }
}
