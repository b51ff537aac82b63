using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Deferred statistics are those of the whole batch, counted once, whatever runs when.</summary>
public sealed class BatchNormTests
{
    public static TheoryData<string> Schedules() => [.. FlushSchedules.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Statistics_are_the_same_bit_for_bit_for_all_schedules_and_modes_of_recompute(string name)
    {
        using var scope = NewDisposeScope();
        var schedule = ScheduleCatalog.Get(name);
        var shape = schedule.NearestShapes(new ScheduleShape(2, 4, 4), 1)[0];
        Dictionary<string, Tensor>? expected = null;
        foreach (var (rule, stages, workers, recompute) in new[]
        {
            (PipelineSchedule.GPipe, 1, 1, ActivationRecompute.Never),
            (schedule, shape.Stages, shape.Workers, ActivationRecompute.Never),
            (schedule, shape.Stages, shape.Workers, ActivationRecompute.ExceptLastMicroBatch),
            (schedule, shape.Stages, shape.Workers, ActivationRecompute.Always),
        })
        {
            using var model = Net();
            Train(model, new PipelineOptions
            {
                Schedule = rule,
                Stages = stages,
                Workers = workers,
                MicroBatches = 4,
                Recompute = recompute,
                BatchNorm = BatchNormStatistics.Deferred,
            });
            var statistics = Statistics(model);
            expected ??= statistics;
            Gradients.AssertEqual(expected, statistics);
            Assert.All(Norms(model), norm => Assert.Equal(2, norm.num_batches_tracked!.item<long>()));
            Assert.All(Norms(model), norm => Assert.Equal(0.1, norm.momentum));
        }
    }

    [Theory]
    [InlineData(4, 0.1)]
    [InlineData(4, null)]
    [InlineData(1, 0.3)]
    [InlineData(13, 1.0)]
    public void A_layer_that_sees_the_batch_in_pieces_has_the_statistics_of_the_batch(int microBatches, double? momentum)
    {
        // The layers see what the batch holds, so both sides normalise the same values.
        using var scope = NewDisposeScope();
        foreach (var (create, input) in new (Func<BatchNorm>, long[])[]
        {
            (() => BatchNorm1d(3), [3]), (() => BatchNorm1d(3), [3, 5]), (() => BatchNorm2d(3), [3, 4, 5]),
        })
        {
            using var uncut = create();
            using var model = new PiecesNet(create(), Sequential(Linear(input[^1], input[^1])));
            var norm = (BatchNorm)model.layers[0];
            uncut.momentum = norm.momentum = momentum;
            using var pipeline = Pipeline.Create(
                model, new PipelineOptions { Stages = 2, MicroBatches = microBatches, BatchNorm = BatchNormStatistics.Deferred });
            for (var step = 0; step < 3; step++)
            {
                // An offset far from zero: sums of squares would lose digits.
                var x = randn([13, .. input]) * 0.1 + 30;
                uncut.call(x);
                if (step == 1) pipeline.Forward(x);
                else pipeline.TrainStep(x, x, MSELoss());
            }

            Assert.True(uncut.running_mean!.allclose(norm.running_mean!, rtol: 1e-6, atol: 0));
            Assert.True(uncut.running_var!.allclose(norm.running_var!, rtol: 1e-4, atol: 0));
            Assert.Equal(3, norm.num_batches_tracked!.item<long>());
            Assert.Equal(momentum, norm.momentum);
        }
    }

    [Fact]
    public void A_layer_that_runs_twice_is_updated_twice()
    {
        using var scope = NewDisposeScope();
        using var uncut = BatchNorm1d(4);
        var shared = BatchNorm1d(4);
        using var model = new PiecesNet(Sequential(shared, new CallbackPiece(static () => { }), shared), Linear(4, 4));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 1, BatchNorm = BatchNormStatistics.Deferred });
        var x = randn(8, 4);
        uncut.call(uncut.call(x));
        pipeline.TrainStep(x, x, MSELoss());
        Assert.True(uncut.running_mean!.allclose(shared.running_mean!, rtol: 1e-5, atol: 1e-7));
        Assert.True(uncut.running_var!.allclose(shared.running_var!, rtol: 1e-5));
        Assert.Equal(2, shared.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Losses_and_gradients_are_those_of_micro_batches()
    {
        using var scope = NewDisposeScope();
        var results = Enum.GetValues<BatchNormStatistics>().Select(statistics =>
        {
            using var model = Net();
            var losses = Train(model, new PipelineOptions { Stages = 3, MicroBatches = 4, BatchNorm = statistics });
            return (Losses: losses, Weights: model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.clone()));
        }).ToList();
        Assert.Equal(results[0].Losses, results[1].Losses);
        Gradients.AssertEqual(results[0].Weights, results[1].Weights);
    }

    [Fact]
    public void In_evaluation_mode_nothing_is_deferred()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, MicroBatches = 4, BatchNorm = BatchNormStatistics.Deferred });
        model.eval();
        var before = Statistics(model);
        pipeline.Evaluate(randn(9, 2, 6, 6), randn(9, 9), MSELoss()).Dispose();
        Gradients.AssertEqual(before, Statistics(model));
    }

    [Fact]
    public void A_step_that_fails_leaves_the_statistics_and_the_layers_as_they_were()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, MicroBatches = 4, BatchNorm = BatchNormStatistics.Deferred });
        var (x, y) = (randn(9, 2, 6, 6), randn(9, 9));
        pipeline.TrainStep(x, y, MSELoss());
        var before = Statistics(model);
        var live = LiveTensors.Settled();
        for (var failing = 0; failing < 12; failing += 3)
        {
            var calls = 0;
            model.BeforeLayer = _ =>
            {
                if (Interlocked.Increment(ref calls) > failing) throw new FormatException();
            };
            Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, MSELoss()));
            Assert.Equal(live, Tensor.TotalCount);
            using var compared = NewDisposeScope();
            Gradients.AssertEqual(before, Statistics(model));
            Assert.All(Norms(model), norm => Assert.Equal(0.1, norm.momentum));
        }

        model.BeforeLayer = null;
        pipeline.TrainStep(x, y, MSELoss());
        Assert.All(Norms(model), norm => Assert.Equal(2, norm.num_batches_tracked!.item<long>()));
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void Layers_that_run_with_forward_fail_the_step_by_name_before_weights_change()
    {
        using var scope = NewDisposeScope();
        using var model = new ResidualConvNet();
        var weights = model.get_parameter("head.weight")!.clone();
        using var pipeline = Pipeline.Create(model, new PipelineOptions
        {
            MicroBatches = 2,
            BatchNorm = BatchNormStatistics.Deferred,
            Optimizer = static parameters => optim.SGD(parameters, 0.1),
        });
        var before = Statistics(model);
        var error = Assert.Throws<InvalidOperationException>(() => pipeline.TrainStep(randn(4, 2, 6, 6), randn(4, 4), MSELoss()));
        Assert.Equal(
            "PipelineOptions.BatchNorm is Deferred, but ResidualConvNet runs norm, norm2 with forward(...), where TorchSharp runs no hooks, so that their statistics can't "
            + "be taken. Run them with call(...), or set BatchNormStatistics.MicroBatch. The running statistics are as before the step.",
            error.Message);
        Gradients.AssertEqual(before, Statistics(model));
        Assert.True(weights.Equals(model.get_parameter("head.weight")!));
    }

    [Fact]
    public void A_pipeline_that_ends_takes_its_hooks_along()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        using (var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, BatchNorm = BatchNormStatistics.Deferred }))
        {
            model.call(randn(9, 2, 6, 6));
            Assert.All(Norms(model), norm => Assert.Equal(1, norm.num_batches_tracked!.item<long>()));
        }

        model.call(randn(9, 2, 6, 6));
        Assert.All(Norms(model), norm => Assert.Equal(2, norm.num_batches_tracked!.item<long>()));
    }

    private static PiecesNet Net()
    {
        manual_seed(4);
        return new PiecesNet(
            Conv2d(2, 3, 3, padding: 1), BatchNorm2d(3), ReLU(inplace: true), Sequential(Conv2d(3, 4, 3, stride: 2, padding: 1), BatchNorm2d(4)),
            Flatten(), BatchNorm1d(36), Linear(36, 9));
    }

    private static List<double> Train(PiecesNet model, PipelineOptions options)
    {
        manual_seed(8);
        options.IntraOpThreads = 1;
        using var pipeline = Pipeline.Create(model, options);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        var losses = new List<double>();
        for (var step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            losses.Add(pipeline.TrainStep(randn(13, 2, 6, 6), randn(13, 9), MSELoss()).Loss);
            // The order in which gradients are added up is the schedule's.
            if (options.BatchNorm == BatchNormStatistics.MicroBatch || options.Stages == 3) optimizer.step();
        }

        return losses;
    }

    private static IEnumerable<BatchNorm> Norms(Module model) => model.modules().OfType<BatchNorm>();

    private static Dictionary<string, Tensor> Statistics(Module model)
        => model.named_buffers().ToDictionary(entry => entry.name, entry => entry.buffer.clone());
}
