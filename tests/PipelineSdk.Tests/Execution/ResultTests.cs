using PipelineSdk.Model;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Models with several inputs, and results that are not one tensor.</summary>
public sealed class ResultTests
{
    [Fact]
    public void A_tuple_comes_back_whole_and_its_loss_trains()
    {
        using var scope = NewDisposeScope();
        var model = new TwoHeadedNet();
        var (x, y, mask) = (randn(7, 6), randn(7, 3), rand(8));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3, ReplicatedInputs = { "mask" } });

        var (value, advantage) = pipeline.Forward<(Tensor, Tensor)>((x, mask));
        var expected = model.call(x, mask);
        Assert.True(expected.Value.allclose(value, rtol: 1e-5, atol: 1e-6));
        Assert.True(expected.Advantage.allclose(advantage, rtol: 1e-5, atol: 1e-6));

        var loss = nn.functional.mse_loss(expected.Value + expected.Advantage, y);
        loss.backward();
        var gradients = Gradients.Take(model);
        var step = pipeline.TrainStep<(Tensor Value, Tensor Advantage)>(
            (x, mask), y, static (result, target) => nn.functional.mse_loss(result.Value + result.Advantage, target));
        Assert.Equal(loss.item<float>(), step.Loss, 1e-5);
        Gradients.AssertClose(gradients, Gradients.Take(model));
    }

    [Fact]
    public void A_loss_computed_inside_forward_trains_and_is_averaged_over_micro_batches()
    {
        using var scope = NewDisposeScope();
        var model = new LossInsideNet();
        var tokens = randint(0, 7, [10]);
        var targets = randint(0, 7, [10]);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3 });

        var (logits, loss) = model.call(tokens, targets);
        loss.backward();
        var gradients = Gradients.Take(model);
        var step = pipeline.TrainStep<(Tensor Logits, Tensor Loss)>((tokens, targets), static result => result.Loss);

        Assert.Equal(loss.item<float>(), step.Loss, 1e-5);
        Gradients.AssertClose(gradients, Gradients.Take(model));
        var merged = pipeline.Forward<(Tensor Logits, Tensor Loss)>((tokens, targets));
        Assert.True(logits.allclose(merged.Logits, rtol: 1e-5, atol: 1e-6));
        Assert.Equal(loss.item<float>(), merged.Loss.item<float>(), 1e-5f);
    }

    [Fact]
    public void Results_leave_only_what_the_caller_owns()
    {
        using var model = new TwoHeadedNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3, ReplicatedInputs = { "mask" } });
        using var x = randn(7, 6);
        using var mask = rand(8);
        pipeline.Forward<(Tensor, Tensor)>((x, mask));
        var live = LiveTensors.Settled();
        var (value, advantage) = pipeline.Forward<(Tensor, Tensor)>((x, mask));
        Assert.Equal(live + 2, Tensor.TotalCount);
        value.Dispose();
        advantage.Dispose();
    }

    [Fact]
    public void Asking_for_another_type_than_forward_returns_says_which_it_is()
    {
        using var model = new TwoHeadedNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, ReplicatedInputs = { "mask" } });
        using var x = randn(4, 6);
        using var mask = rand(8);
        var live = LiveTensors.Settled();
        var error = Assert.Throws<NotSupportedException>(() => pipeline.Forward((x, mask)));
        Assert.Contains("TwoHeadedNet.forward returned ValueTuple<Tensor, Tensor>, not Tensor", error.Message, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void An_input_of_another_length_asks_whether_it_is_meant_whole()
    {
        using var model = new TwoHeadedNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        using var x = randn(4, 6);
        using var mask = rand(8);
        var error = Assert.Throws<ArgumentException>(() => pipeline.Forward((x, mask)));
        Assert.Contains("Input 'mask' has 8 row(s), but input 'state' has 4.", error.Message, StringComparison.Ordinal);
        Assert.Contains("add \"mask\" to PipelineOptions.ReplicatedInputs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_can_be_given_one_by_one()
    {
        using var scope = NewDisposeScope();
        var model = new TwoHeadedNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, ReplicatedInputs = { "mask" } });
        var (value, _) = pipeline.Forward<(Tensor, Tensor)>(new ModelInputs(randn(4, 6), rand(8)));
        Assert.Equal([4, 1], value.shape);
    }
}
