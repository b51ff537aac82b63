using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Promise 1: loss and gradients are those of the uncut model, bit for bit.</summary>
public sealed class GradientEqualityTests
{
    public static TheoryData<string, int, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int, int>();
        foreach (var schedule in new[] { "GPipe", "1F1B" })
        {
            for (var stages = 1; stages <= 4; stages++)
            {
                for (var microBatches = 1; microBatches <= 8; microBatches++)
                {
                    cases.Add(schedule, stages, microBatches, 16); // even for 1, 2, 4, 8
                    cases.Add(schedule, stages, microBatches, 13); // an uneven tail
                }
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Loss_and_gradients_equal_the_uncut_model_accumulating_the_same_micro_batches(
        string schedule, int stages, int microBatches, int samples)
    {
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All())
        {
            model.AssertStepEqualsUncut(ScheduleNamed(schedule), stages, microBatches, samples);
        }
    }

    [Theory]
    [InlineData("GPipe", 1)]
    [InlineData("GPipe", 4)]
    [InlineData("1F1B", 1)]
    [InlineData("1F1B", 4)]
    public void One_micro_batch_equals_the_undivided_batch(string schedule, int stages)
    {
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All())
        {
            model.AssertStepEqualsUndivided(ScheduleNamed(schedule), stages, microBatches: 1, samples: 9, exact: true);
        }
    }

    [Theory]
    [InlineData(4, 16)]
    [InlineData(5, 13)]
    [InlineData(7, 8)]
    public void Micro_batches_weigh_by_size_so_that_an_uneven_tail_equals_the_undivided_batch(int microBatches, int samples)
    {
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All())
        {
            model.AssertStepEqualsUndivided(PipelineSchedule.OneForwardOneBackward, 3, microBatches, samples, exact: false);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    public void Where_arithmetic_is_exact_an_uneven_split_equals_the_undivided_batch_bit_for_bit(int microBatches)
    {
        // Small whole numbers and a batch of 8: every sum and every weight n/8 is exact in binary, in whatever order.
        using var scope = NewDisposeScope();
        using var model = new WholeNumberNet();
        var x = randint(-3, 4, [8, 4]).to(ScalarType.Float32);
        var y = randint(-3, 4, [8, 3]).to(ScalarType.Float32);
        Func<Tensor, Tensor, Tensor> loss = static (output, target) => (output - target).sum(1).mean();

        loss(model.call(x), y).backward();
        var expected = Gradients.Take(model);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = microBatches });
        pipeline.TrainStep(x, y, loss);

        Gradients.AssertEqual(expected, Gradients.Take(model));
    }

    [Fact]
    public void Gradients_add_to_those_already_there()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        var (x, y) = (randn(8, 6), randn(8, 3));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });

        pipeline.TrainStep(x, y, nn.MSELoss());
        var once = Gradients.Take(model, clear: false);
        pipeline.TrainStep(x, y, nn.MSELoss());
        var twice = Gradients.Take(model);

        Assert.All(once.Keys, name => Assert.True((once[name] + once[name]).allclose(twice[name], rtol: 1e-5, atol: 1e-7), name));
    }

    [Fact]
    public void An_input_that_requires_a_gradient_receives_it()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        var x = randn(8, 6).requires_grad_();
        var y = randn(8, 3);
        nn.functional.mse_loss(model.call(x), y).backward();
        var expected = x.grad!.clone();
        x.grad!.zero_();

        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4 });
        pipeline.TrainStep(x, y, nn.MSELoss());

        Assert.True(expected.allclose(x.grad!, rtol: 1e-5, atol: 1e-7));
    }

    [Fact]
    public void A_summed_loss_weighs_every_micro_batch_alike()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        var (x, y) = (randn(10, 6), randn(10, 3));
        var loss = nn.MSELoss(nn.Reduction.Sum);
        var whole = loss.call(model.call(x), y);
        whole.backward();
        var expected = Gradients.Take(model);

        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3 });
        var step = pipeline.TrainStep(x, y, loss);

        Assert.Equal(whole.item<float>(), step.Loss, 1e-3);
        Gradients.AssertClose(expected, Gradients.Take(model));
    }

    [Fact]
    public void Frozen_stages_get_no_gradient_and_the_others_the_same_as_uncut()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (name.StartsWith("a.", StringComparison.Ordinal) || name.StartsWith("b.", StringComparison.Ordinal)) parameter.requires_grad = false;
        }

        TestModel.Of(model, [6], [3]).AssertStepEqualsUncut(PipelineSchedule.GPipe, 4, 4, 8);
        using var noGradient = model.get_parameter("a.weight")!.grad;
        Assert.Null(noGradient);
    }

    private static PipelineSchedule ScheduleNamed(string name)
        => name == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward;
}
