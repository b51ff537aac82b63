using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Optimizers that the pipeline has made leave the weights that one optimizer of the caller's would: bit for bit.</summary>
public sealed class OptimizerTests
{
    private static readonly Dictionary<string, Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer>> Factories = new()
    {
        ["SGD"] = parameters => optim.SGD(parameters, 0.1),
        ["momentum"] = parameters => optim.SGD(parameters, 0.1, momentum: 0.9, weight_decay: 0.01),
        ["Adam"] = parameters => optim.Adam(parameters, 0.01),
        ["AdamW"] = parameters => optim.AdamW(parameters, 0.01),
    };

    public static TheoryData<string, string, int, double?, int> Cases() => new()
    {
        { "SGD", "GPipe", 4, null, 1 },
        { "momentum", "V-Half", 2, null, 1 },
        { "Adam", "Interleaved1F1B", 2, null, 1 },
        { "AdamW", "ZB-H1", 4, null, 1 },
        { "momentum", "1F1B", 4, 0.05, 1 },
        { "Adam", "ZB-V", 2, 0.05, 1 },
        { "momentum", "GPipe", 4, 0.05, 3 },
        { "SGD", "Sequential", 1, 0.05, 1 },
        { "AdamW", "1F1B", 4, 1e9, 2 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Weights_are_those_of_one_optimizer_over_the_whole_model(string optimizer, string schedule, int workers, double? maxNorm, int accumulate)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var data = Enumerable.Range(0, 6).Select(_ => (X: randn(10, 4), Y: randn(10, 4))).ToList();
        using var model = Net();
        var start = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        // The caller's own: gradients of a pipeline without optimizers, one optimizer, and libtorch's own clipping.
        var own = Factories[optimizer](model.named_parameters());
        var norms = new List<double>();
        using (var pipeline = Pipeline.Create(model, Options(schedule, workers, accumulate)))
        {
            for (var i = 0; i < data.Count; i++)
            {
                pipeline.TrainStep(data[i].X, data[i].Y, MSELoss());
                if ((i + 1) % accumulate != 0) continue;
                if (maxNorm is { } norm) norms.Add(utils.clip_grad_norm_(model.parameters(), norm));
                own.step();
                foreach (var parameter in model.parameters()) parameter.grad = null;
            }
        }

        var expected = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        model.load_state_dict(start);
        var measured = new List<double>();
        var options = Options(schedule, workers, accumulate);
        (options.Optimizer, options.MaxGradientNorm) = (Factories[optimizer], maxNorm);
        using (var pipeline = Pipeline.Create(model, options))
        {
            Assert.Equal(workers, pipeline.Optimizers.Count);
            for (var i = 0; i < data.Count; i++)
            {
                var result = pipeline.TrainStep(data[i].X, data[i].Y, MSELoss());
                Assert.Equal((i + 1) % accumulate == 0, result.WeightsChanged);
                Assert.Equal(result.WeightsChanged && maxNorm is not null, result.GradientNorm is not null);
                if (result.GradientNorm is { } norm) measured.Add(norm);
                Assert.All(model.parameters(), parameter => Assert.NotNull(parameter.grad));
            }
        }

        Gradients.AssertEqual(expected, model.state_dict());
        Assert.Equal(norms, measured);
    }

    [Fact]
    public void Accumulated_steps_equal_one_step_over_all_their_micro_batches()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y) = (randn(16, 4), randn(16, 4));
        Dictionary<string, Tensor> expected;
        using (var whole = Pipeline.Create(model, new PipelineOptions { Stages = 4, MicroBatches = 8, IntraOpThreads = 1 }))
        {
            whole.TrainStep(x, y, MSELoss());
            expected = Gradients.Take(model);
        }

        using var parts = Pipeline.Create(model, new PipelineOptions { Stages = 4, MicroBatches = 4, IntraOpThreads = 1, AccumulationSteps = 2 });
        parts.TrainStep(x.narrow(0, 0, 8), y.narrow(0, 0, 8), MSELoss());
        parts.TrainStep(x.narrow(0, 8, 8), y.narrow(0, 8, 8), MSELoss());
        Gradients.AssertEqual(expected, Gradients.Take(model));
    }

    [Fact]
    public void Learning_rate_schedulers_are_made_of_the_optimizers()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        var options = Options("1F1B", 4, 1);
        options.Optimizer = Factories["SGD"];
        using var pipeline = Pipeline.Create(model, options);
        var schedulers = pipeline.Optimizers.Select(optimizer => optim.lr_scheduler.StepLR(optimizer, step_size: 1, gamma: 0.0)).ToList();
        pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss());
        var before = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        foreach (var scheduler in schedulers) scheduler.step();
        pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss());
        Gradients.AssertEqual(before, model.state_dict());
    }

    [Fact]
    public void A_failed_step_changes_no_weight_and_its_gradients_do_not_count()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        var options = Options("1F1B", 4, 1);
        options.Optimizer = Factories["momentum"];
        options.AccumulationSteps = 2;
        using var pipeline = Pipeline.Create(model, options);
        var (x, y) = (randn(8, 4), randn(8, 4));
        var start = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        pipeline.TrainStep(x, y, MSELoss());
        pipeline.TrainStep(x, y, MSELoss());
        var expected = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());

        model.load_state_dict(start);
        using var again = Pipeline.Create(model, options);
        again.TrainStep(x, y, MSELoss());
        var losses = 0;
        Assert.Throws<PipelineException>(() => again.TrainStep(x, y, (output, target) =>
            Interlocked.Increment(ref losses) == 3 ? throw new InvalidOperationException("third") : functional.mse_loss(output, target)));
        Gradients.AssertEqual(start, model.state_dict());
        Assert.False(again.TrainStep(x, y, MSELoss()).WeightsChanged);
        Assert.True(again.TrainStep(x, y, MSELoss()).WeightsChanged);
        Gradients.AssertEqual(expected, model.state_dict());
    }

    [Fact]
    public void An_optimizer_that_fails_says_on_which_worker()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        var options = Options("1F1B", 4, 1);
        options.Optimizer = parameters => new Failing(parameters.Select(entry => entry.parameter));
        using var pipeline = Pipeline.Create(model, options);
        var error = Assert.Throws<PipelineException>(() => pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss()));
        Assert.Equal(ActionKind.Update, error.Action.Kind);
        Assert.Contains("optimizer step", error.Message, StringComparison.Ordinal);
        Assert.Contains("no step today", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_factory_that_returns_null_and_a_norm_without_optimizer_are_refused()
    {
        using var model = Net();
        var error = Assert.Throws<InvalidOperationException>(
            () => Pipeline.Create(model, new PipelineOptions { Stages = 2, Optimizer = _ => null! }));
        Assert.Contains("PipelineOptions.Optimizer returned null for the", error.Message, StringComparison.Ordinal);
        var norm = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(
            () => Pipeline.Create(model, new PipelineOptions { MaxGradientNorm = 1 }));
        Assert.Contains("clip_grad_norm_", norm.Message, StringComparison.Ordinal);
    }

    private static PipelineOptions Options(string schedule, int workers, int accumulate) => new()
    {
        Schedule = ScheduleCatalog.Get(schedule),
        Stages = 4,
        Workers = workers,
        MicroBatches = 4,
        IntraOpThreads = 1,
        AccumulationSteps = accumulate,
    };

    private static PiecesNet Net()
        => new([.. Enumerable.Range(0, 4).Select(_ => (Module<Tensor, Tensor>)Sequential(Linear(4, 4), Tanh()))]);

    private sealed class Failing(IEnumerable<Parameter> parameters) : SGD(parameters, 0.1)
    {
        public override Tensor step(Func<Tensor>? closure = null) => throw new InvalidOperationException("no step today");
    }
}
