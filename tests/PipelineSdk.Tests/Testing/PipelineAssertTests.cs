using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Testing;

/// <summary>The assertion itself: it finds what differs, names it, and leaves the process as it was.</summary>
public sealed class PipelineAssertTests
{
    private static PipelineOptions Options => new() { MicroBatches = 4, IntraOpThreads = 1 };

    [Fact]
    public void Dropout_in_training_is_named_as_the_reason()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<PipelineEquivalenceException>(() => PipelineAssert.EquivalentTo(
            static () => new PiecesNet(Linear(4, 64), Dropout(0.5), Linear(64, 4)), Options.In(2), [(randn(8, 4), randn(8, 4))], MSELoss()));
        Assert.Equal((0, EquivalenceSubject.Loss, null), (error.Step, error.Subject, error.Name));
        Assert.True(error.LargestDifference > 0);
        Assert.StartsWith("The pipeline of PiecesNet differs from the uncut model in step 0: the loss differs in 1 of 1 element(s), by at most ", error.Message, StringComparison.Ordinal);
        Assert.Contains("Dropout trains (layers.1)", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_weight_that_differs_is_named_with_its_step()
    {
        using var scope = NewDisposeScope();
        var built = 0;
        var error = Assert.Throws<PipelineEquivalenceException>(() => PipelineAssert.EquivalentTo(
            static () => new HandCutNet(), Options, [(randn(8, 6), randn(8, 3))], MSELoss(), parameters => new LateOptimizer(parameters, from: built++ == 0 ? 3 : 2), new() { Steps = 5 }));
        Assert.Equal((2, EquivalenceSubject.Weight), (error.Step, error.Subject));
        Assert.Contains($"the weight '{error.Name}' after the optimizer's step differs", error.Message, StringComparison.Ordinal);
        Assert.Contains("forward or the loss keeps something between calls", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_only_one_side_has_differs()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        var error = Assert.Throws<PipelineEquivalenceException>(() => PipelineAssert.EquivalentTo(
            () =>
            {
                var model = new PiecesNet(Linear(4, 4), Linear(4, 4));
                model.layers[1].get_parameter("bias")!.requires_grad = calls++ > 0;
                return model;
            },
            Options.In(2), [(randn(8, 4), randn(8, 4))], MSELoss()));
        Assert.Equal((EquivalenceSubject.Gradient, "layers.1.bias"), (error.Subject, error.Name));
        Assert.True(double.IsNaN(error.LargestDifference));
        Assert.Contains("the gradient of 'layers.1.bias' is there in the pipeline, but not in the uncut model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_buffer_that_differs_is_named()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        var error = Assert.Throws<PipelineEquivalenceException>(() => PipelineAssert.EquivalentTo(
            () => new PiecesNet(Linear(4, 4), BatchNorm1d(4, momentum: calls++ == 0 ? 0.1 : 0.2)), Options.In(2), [(randn(8, 4), randn(8, 4))], MSELoss()));
        Assert.Equal((EquivalenceSubject.Buffer, "layers.1.running_mean"), (error.Subject, error.Name));
        Assert.Contains("Batch normalisation trains (layers.1)", error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Differences_within_the_tolerance_pass()
    {
        using var scope = NewDisposeScope();
        void Run(double? tolerance)
        {
            manual_seed(1);
            var built = 0;
            PipelineAssert.EquivalentTo(
                static () => new HandCutNet(), Options, [(randn(8, 6), randn(8, 3))], MSELoss(),
                parameters => optim.SGD(parameters, built++ == 0 ? 0.001 : 0.00101), new() { Steps = 3, Tolerance = tolerance });
        }

        Run(0.01);
        Assert.Throws<PipelineEquivalenceException>(() => Run(1e-7));
        Assert.Throws<PipelineEquivalenceException>(() => Run(null));
    }

    [Fact]
    public void A_sum_over_samples_and_sizes_of_micro_batches_count()
    {
        using var scope = NewDisposeScope();
        (Model.ModelInputs, Tensor)[] batches = [(randn(10, 6), randn(10, 3)), (randn(3, 6), randn(3, 3))];
        PipelineAssert.EquivalentTo(static () => new HandCutNet(), new PipelineOptions { MicroBatchSize = 4, IntraOpThreads = 1 }, batches, MSELoss(Reduction.Sum));
        PipelineAssert.EquivalentTo(
            static () => new HandCutNet(), new PipelineOptions { MicroBatches = 3, IntraOpThreads = 1, LossReduction = LossReduction.Sum }, batches,
            static (output, target) => (output - target).pow(2).sum());
    }

    [Fact]
    public void Several_inputs_and_results_of_any_type_are_compared()
    {
        using var scope = NewDisposeScope();
        PipelineAssert.EquivalentTo<TwoHeadedNet, (Tensor Value, Tensor Advantage)>(
            static () => new TwoHeadedNet(),
            static (model, inputs) => model.call((Tensor)inputs.Values[0]!, (Tensor)inputs.Values[1]!),
            new PipelineOptions { MicroBatches = 4, IntraOpThreads = 1, ReplicatedInputs = { "mask" } },
            [((randn(9, 6), randn(8)), randn(9, 3))],
            static (result, target) => functional.mse_loss(result.Value + result.Advantage, target));
    }

    [Fact]
    public void Inputs_that_it_can_not_divide_are_refused_with_what_takes_them()
    {
        using var scope = NewDisposeScope();
        var options = new PipelineOptions { MicroBatches = 2, IntraOpThreads = 1, ReplicatedInputs = { "request.Mask" } };
        var request = new Request(randn(4, 4), [randn(4, 4)], randn(4));
        (Model.ModelInputs, Tensor)[] batches = [(new Model.ModelInputs(request), randn(4, 2))];
        Assert.Contains(
            "Give micro-batches instead: the overload that takes lists of MicroBatch",
            Assert.Throws<ArgumentException>(() => PipelineAssert.EquivalentTo<StructuredNet, Dictionary<string, List<Tensor?>>>(
                static () => new StructuredNet(), static (model, inputs) => model.call((Request)inputs.Values[0]!), options, batches,
                static (result, target) => functional.mse_loss(result["late"][0]!, target))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 0.1)]
    public void The_pipelines_own_optimizer_clipping_and_accumulation_are_compared(int accumulationSteps, double? norm)
    {
        using var scope = NewDisposeScope();
        PipelineAssert.EquivalentTo(
            static () => new HandCutNet(),
            new PipelineOptions
            {
                MicroBatches = 4,
                IntraOpThreads = 1,
                Optimizer = static parameters => optim.SGD(parameters, 0.1, momentum: 0.9),
                MaxGradientNorm = norm,
                AccumulationSteps = accumulationSteps,
            },
            [(randn(8, 6), randn(8, 3)), (randn(11, 6), randn(11, 3))],
            MSELoss(),
            comparison: new() { Steps = 6 });
    }

    [Fact]
    public void Weights_of_the_users_own_and_other_batch_dimensions_are_compared()
    {
        using var scope = NewDisposeScope();
        PipelineAssert.EquivalentTo(
            static () => new PiecesNet(Linear(4, 6), Linear(6, 4)),
            new PipelineOptions
            {
                Stages = 2,
                MicroBatches = 3,
                IntraOpThreads = 1,
                LossWeight = static targets => targets.gt(0).sum().item<long>() + 1,
                BatchDimensions = { ["x"] = 1 },
                TargetBatchDimension = 1,
            },
            [(randn(5, 7, 4), randn(5, 7, 4))],
            MSELoss(),
            comparison: new() { Steps = 3 });
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        Assert.Contains(
            "There is no batch", Assert.Throws<ArgumentException>(() => PipelineAssert.EquivalentTo(static () => new HandCutNet(), Options, [], MSELoss())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "returned one model twice",
            Assert.Throws<ArgumentException>(() => PipelineAssert.EquivalentTo(() => model, Options, [(randn(8, 6), randn(8, 3))], MSELoss())).Message, StringComparison.Ordinal);
        var options = new PipelineOptions { Schedule = PipelineSchedule.PipeDream, MicroBatches = 4, Optimizer = static parameters => optim.SGD(parameters, 0.1) };
        Assert.Contains(
            "PipeDream has no flush",
            Assert.Throws<ArgumentException>(() => PipelineAssert.EquivalentTo(static () => new HandCutNet(), options, [(randn(8, 6), randn(8, 3))], MSELoss())).Message, StringComparison.Ordinal);
        Assert.Contains(
            "leave one of the two null",
            Assert.Throws<ArgumentException>(() => PipelineAssert.EquivalentTo(
                static () => new HandCutNet(), options, [(randn(8, 6), randn(8, 3))], MSELoss(), static parameters => optim.SGD(parameters, 0.1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var scope = NewDisposeScope();
        (Model.ModelInputs, Tensor)[] batches = [(randn(8, 6), randn(8, 3))];
        var threads = get_num_threads();
        // What building models alone leaves in the count is not looked at.
        Assert.Equal(Left(steps: 0), Left(steps: 3));
        Assert.Equal(threads, get_num_threads());

        long Left(int steps)
        {
            var before = LiveTensors.Settled();
            PipelineAssert.EquivalentTo(static () => new HandCutNet(), Options, batches, MSELoss(), comparison: new() { Steps = steps });
            return LiveTensors.Settled() - before;
        }
    }

    /// <summary>SGD that begins late, so that two of them part at a known step.</summary>
    private sealed class LateOptimizer(IEnumerable<Parameter> parameters, int from) : SGD(parameters, 0.1)
    {
        private int steps;

        public override Tensor? step(Func<Tensor>? closure = null) => steps++ < from ? null : base.step(closure);
    }
}

/// <summary>Shortens what the tests say.</summary>
file static class OptionsExtensions
{
    public static PipelineOptions In(this PipelineOptions options, int stages)
    {
        options.Stages = stages;
        return options;
    }
}
