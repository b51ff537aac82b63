using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

public sealed class InferenceTests
{
    [Theory]
    [InlineData(1, 4)]
    [InlineData(3, 4)]
    [InlineData(4, 4)]
    [InlineData(10, 4)]
    [InlineData(13, 1)]
    public void Forward_returns_the_outputs_of_the_uncut_model_in_order_tail_included(int samples, int microBatches)
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        var x = randn(samples, 6);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = microBatches });

        var output = pipeline.Forward(x);

        using var constant = no_grad();
        var expected = cat([.. x.split(1).Select(sample => model.call(sample))], 0);
        Assert.True(expected.allclose(output, rtol: 1e-5, atol: 1e-6));
        Assert.False(output.requires_grad);
    }

    [Fact]
    public void Micro_batch_size_splits_by_size_with_a_smaller_last_one()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatchSize = 4 });
        Assert.Equal(3, pipeline.TrainStep(randn(10, 6), randn(10, 3), nn.MSELoss()).Timeline.MicroBatches);
        Assert.Equal(1, pipeline.TrainStep(randn(2, 6), randn(2, 3), nn.MSELoss()).Timeline.MicroBatches);
        Assert.Equal([17, 3], pipeline.Forward(randn(17, 6)).shape);
    }

    [Fact]
    public void Evaluate_yields_the_loss_of_the_whole_batch_and_no_gradients()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        var (x, y) = (randn(11, 6), randn(11, 3));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4 });

        using var result = pipeline.Evaluate(x, y, nn.MSELoss());

        var expected = nn.functional.mse_loss(model.call(x), y);
        Assert.Equal(expected.item<float>(), result.Loss, 1e-5);
        Assert.Equal(11, result.Samples);
        Assert.True(model.call(x).allclose(result.Outputs, rtol: 1e-5, atol: 1e-6));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Outputs_belong_to_the_callers_dispose_scope()
    {
        var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        using var x = randn(4, 6);
        Tensor inside;
        using (NewDisposeScope()) inside = pipeline.Forward(x);
        Assert.True(inside.IsInvalid);
        using var outside = pipeline.Forward(x);
        Assert.Equal([4, 3], outside.shape);
        model.Dispose();
    }

    [Fact]
    public void A_grad_mode_of_the_caller_does_not_reach_the_workers()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        using (no_grad()) pipeline.TrainStep(randn(4, 6), randn(4, 3), nn.MSELoss());
        Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
        Assert.True(is_grad_enabled());
    }
}
