using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>I computes what the stage before waits for, W the rest, and the sum is the backward.</summary>
public sealed class SplitBackwardTests
{
    /// <summary>Two stages with I of a micro-batch before the next F, and both W at the end.</summary>
    private static readonly FixedSchedule LateWeights = new(ScheduleText.Parse("""
        0F0 0I0 0F1 0I1 0W0 0W1
        1F0 1I0 1F1 1I1 1W0 1W1
        """, name: "LateWeights"));

    [Fact]
    public void Weight_gradients_of_linear_and_convolution_layers_come_with_W()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Conv2d(2, 3, 3, padding: 1), ReLU(), LayerNorm(5), Linear(5, 4), ReLU(inplace: true), Conv2d(3, 2, 3));
        var log = new LogLines();
        var after = new Dictionary<string, bool>();
        model.BeforeLayer = layer =>
        {
            // The last micro-batch has to run, so that I of the first has been.
            foreach (var (name, parameter) in model.layers[layer].named_parameters()) after[$"layers.{layer}.{name}"] = HasGradient(parameter);
        };
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = LateWeights, Stages = 2, MicroBatches = 2 }, log);

        pipeline.TrainStep(randn(4, 2, 5, 5), randn(4, 2, 3, 2), MSELoss());

        Assert.Equal(
            ["layers.0.bias: False", "layers.0.weight: False", "layers.2.bias: True", "layers.2.weight: True", "layers.3.bias: False", "layers.3.weight: False",
             "layers.5.bias: False", "layers.5.weight: False"],
            after.Select(entry => $"{entry.Key}: {entry.Value}").Order());
        Assert.All(model.parameters(), parameter => Assert.True(HasGradient(parameter)));
        Assert.Contains(log.Lines, line => line.StartsWith(
            "Pipeline PiecesNet: LateWeights splits backwards. The weight gradients of 3 Linear and convolution layer(s), with 93.2 % of the parameters, are put off to W",
            StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("not put off", StringComparison.Ordinal));
    }

    [Fact]
    public void Layers_that_run_with_forward_are_not_put_off_which_is_logged_once()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        var log = new LogLines();
        var calls = 0;
        var seen = false;
        model.InStage2 = _ => seen |= calls++ == 1 && HasGradient(model.get_parameter("c.weight")!);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = LateWeights, Stages = 2, MicroBatches = 2 }, log);
        for (var i = 0; i < 2; i++) pipeline.TrainStep(randn(4, 6), randn(4, 3), MSELoss());

        Assert.True(seen);
        Assert.Equal(
            "Pipeline HandCutNet: the weight gradients of 4 of 4 layer(s) are not put off, but computed together with the input gradient: a, b, c, d. The model runs "
            + "them with forward(...), which runs no hooks, or not at all. Run them with call(...)",
            Assert.Single(log.Lines, line => line.Contains("not put off", StringComparison.Ordinal)));
    }

    [Fact]
    public void Where_nothing_can_be_put_off_the_log_says_so()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(LayerNorm(4), LayerNorm(4));
        var log = new LogLines();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = PipelineSchedule.ZeroBubbleH1, Stages = 2, MicroBatches = 2 }, log);
        Assert.True(double.IsFinite(pipeline.TrainStep(randn(4, 4), randn(4, 4), MSELoss()).Loss));
        Assert.Contains(log.Lines, line => line.StartsWith(
            "Pipeline PiecesNet: ZB-H1 splits backwards, but the model has no Linear or convolution layer", StringComparison.Ordinal));
    }

    public static TheoryData<string, int> Splits() => new()
    {
        { "ZB-H1", 4 }, { "InterleavedZeroBubble", 2 }, { "ZB-V", 2 }, { "DualPipeV", 2 }, { "V-Half", 2 }, { "V-Min", 2 },
    };

    [Theory]
    [MemberData(nameof(Splits))]
    public void Gradients_add_up_as_in_the_uncut_model_whatever_a_stage_does_with_its_layers(string schedule, int workers)
    {
        using var scope = NewDisposeScope();
        using var pieces = new PiecesNet(new TwicePiece(), new TwicePiece(), Linear(4, 4), new TwicePiece());
        TestModel.Of(pieces, [3, 4], [3, 4]).AssertStepEqualsUncut(ScheduleCatalog.Get(schedule), 4, microBatches: 6, samples: 13, workers);

        using var convolutions = new PiecesNet(
            Conv2d(2, 3, 3, padding: 1), ReLU(inplace: true), BatchNorm2d(3), Conv2d(3, 4, 3, stride: 2, padding: 1, bias: false), ReLU(),
            Conv2d(4, 3, 3, padding: 1), Conv2d(3, 2, 1), Flatten(), Linear(18, 5));
        convolutions.eval();
        TestModel.Of(convolutions, [2, 6, 6], [5]).AssertStepEqualsUncut(ScheduleCatalog.Get(schedule), 4, microBatches: 6, samples: 13, workers);
    }

    [Fact]
    public void Hooks_leave_the_model_alone_beside_the_pipeline_and_after_it()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4));
        var (x, y) = (randn(4, 4), randn(4, 4));
        var before = Uncut();
        using (var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = PipelineSchedule.ZeroBubbleH1, Stages = 2, MicroBatches = 2 }))
        using (var second = Pipeline.Create(model, new PipelineOptions { Schedule = LateWeights, Stages = 2, MicroBatches = 2 }))
        {
            Gradients.AssertEqual(before, Uncut());
            pipeline.TrainStep(x, y, MSELoss());
            var once = Gradients.Take(model);
            second.TrainStep(x, y, MSELoss());
            Gradients.AssertEqual(once, Gradients.Take(model));
            Gradients.AssertEqual(before, Uncut());
        }

        Gradients.AssertEqual(before, Uncut());

        Dictionary<string, Tensor> Uncut()
        {
            functional.mse_loss(model.call(x), y).backward();
            return Gradients.Take(model);
        }
    }

    [Fact]
    public void Hooks_of_the_users_own_see_and_change_what_layers_receive_and_compute()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4), Tanh(), Linear(4, 4));
        var first = (Module<Tensor, Tensor>)model.layers[0];
        var second = (Module<Tensor, Tensor>)model.layers[1];
        first.register_forward_pre_hook((_, input) => input * 2);
        second.register_forward_pre_hook((_, input) => input + 1);
        second.register_forward_hook((_, _, output) => output * 3);
        TestModel.Of(model, [4], [4]).AssertStepEqualsUncut(LateWeights, stages: 2, microBatches: 2, samples: 4);
    }

    [Fact]
    public void Inputs_that_require_a_gradient_receive_it()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 4), Tanh(), Linear(4, 4));
        var (x, y) = (randn(4, 4).requires_grad_(), randn(4, 4));
        functional.mse_loss(model.call(x), y).backward();
        var expected = x.grad!.clone();
        x.grad = null;
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = LateWeights, Stages = 2, MicroBatches = 2 });
        pipeline.TrainStep(x, y, MSELoss());
        Assert.True(expected.allclose(x.grad!, rtol: 1e-5, atol: 1e-7));
    }

    private static bool HasGradient(Tensor parameter)
    {
        using var gradient = parameter.grad;
        return gradient is not null;
    }
}
