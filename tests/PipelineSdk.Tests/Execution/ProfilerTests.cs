using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>A profile is measured on the user's own model, which is afterwards as it was before.</summary>
public sealed class ProfilerTests
{
    private static readonly Func<Tensor, Tensor, Tensor> Loss = static (output, target) => functional.mse_loss(output, target);

    private static readonly ProfilerOptions Quick = new() { WarmUp = 1, Repetitions = 3, IntraOpThreads = 1 };

    [Fact]
    public void Measuring_leaves_gradients_buffers_mode_generator_and_inputs_as_they_were_and_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(
            Conv2d(2, 4, 3), BatchNorm2d(4), ReLU(inplace: true), Dropout(0.5), Flatten(), Linear(4 * 16, 8), BatchNorm1d(8), Linear(8, 3));
        var (x, y) = (randn(6, 2, 6, 6).requires_grad_(), randn(6, 3));
        functional.mse_loss(model.call(x), y).backward();
        model.get_parameter("layers.7.bias")!.grad = null; // some have a gradient, one has none
        x.grad!.zero_();
        using var loss = MSELoss();
        var before = State(model, x);
        var live = LiveTensors.Settled();

        PipelineProfiler.Measure(model, x, y, loss, Quick);

        Assert.Equal(live, LiveTensors.Settled());
        AssertSame(before, State(model, x));
        Assert.True(model.training);
        Assert.Null(model.get_parameter("layers.7.bias")!.grad);
    }

    [Fact]
    public void A_profile_has_the_times_and_bytes_of_every_segment()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 6), Tanh(), Linear(6, 3));
        var profile = PipelineProfiler.Measure(model, randn(5, 4), randn(5, 3), MSELoss(), Quick);

        Assert.Equal((nameof(PiecesNet), 5, "ms"), (profile.Model, profile.Samples, profile.Unit));
        Assert.True(profile.ActionOverhead > 0);
        Assert.Equal(["layers.0", "layers.1", "layers.2"], profile.Segments.Select(segment => segment.Name));
        Assert.Equal([120L, 0, 84], profile.Segments.Select(segment => segment.ParameterBytes));
        Assert.Equal([120L, 0, 84], profile.Segments.Select(segment => segment.StateBytes));
        Assert.Equal([120L, 120, 0], profile.Segments.Select(segment => segment.OutputBytes));
        // What is taken and what is made; a leaf is copied before it is used.
        Assert.Equal([80L + 120, (2 * 120) + 120, (2 * 120) + 60], profile.Segments.Select(segment => segment.ActivationBytes));
        Assert.All(profile.Segments, segment => Assert.True(segment.CanCutAfter));
        Assert.Equal(0, profile.Segments[0].InputGradient); // the input wants no gradient
        Assert.Equal(0, profile.Segments[1].WeightGradient); // it has no weights
    }

    [Fact]
    public void Segments_that_nothing_flows_back_through_have_no_backward()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 128), Tanh(), Linear(128, 128), Linear(128, 128));
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!name.StartsWith("layers.2", StringComparison.Ordinal)) parameter.requires_grad = false;
        }

        var segments = PipelineProfiler.Measure(model, randn(512, 4), randn(512, 128), MSELoss(), Quick).Segments;
        Assert.All(segments, segment => Assert.True(segment.Total > 0));
        Assert.All(segments.Take(2), segment => Assert.Equal((0, 0, 0), (segment.InputGradient, segment.WeightGradient, segment.StateBytes)));
        Assert.Equal(0, segments[2].InputGradient);
        Assert.True(segments[2].WeightGradient > 0);
        Assert.True(segments[3].InputGradient > 0);
        Assert.Equal(0, segments[3].WeightGradient);
    }

    [Fact]
    public void Every_kind_of_model_and_loss_is_measured()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(6, 6), randn(6, 3));
        Assert.Equal(4, PipelineProfiler.Measure(new HandCutNet(), x, y, Loss, Quick).Segments.Count);
        var two = PipelineProfiler.Measure(
            new TwoHeadedNet(), (x, rand(8)), y, ((Tensor Value, Tensor Advantage) result, Tensor target) => functional.mse_loss(result.Value + result.Advantage, target), Quick);
        Assert.Equal((3, 6), (two.Segments.Count, two.Samples));
        var inside = PipelineProfiler.Measure(
            new LossInsideNet(), (randint(0, 7, [9]), randint(0, 7, [9])), ((Tensor Logits, Tensor Loss) result) => result.Loss, Quick);
        Assert.Equal((2, 9), (inside.Segments.Count, inside.Samples));
        Assert.Equal(4, PipelineProfiler.Measure(new ResidualConvNet(), randn(3, 2, 6, 6), randn(3, 4), MSELoss(), Quick).Segments.Count);
    }

    [Fact]
    public void Pinned_segments_of_one_stage_are_not_to_be_parted()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4), Linear(4, 4)) { Pins = [0, 0, 1] };
        var profile = PipelineProfiler.Measure(model, randn(5, 4), randn(5, 4), MSELoss(), Quick);
        Assert.Equal([false, true, true], profile.Segments.Select(segment => segment.CanCutAfter));
    }

    [Fact]
    public void It_runs_with_the_intra_op_threads_asked_for_and_the_caller_keeps_its_own()
    {
        using var scope = NewDisposeScope();
        _ = get_num_threads();
        set_num_threads(2);
        var seen = 0;
        using var model = new PiecesNet(Linear(4, 4)) { BeforeLayer = _ => seen = get_num_threads() };
        PipelineProfiler.Measure(model, randn(5, 4), randn(5, 4), MSELoss(), new ProfilerOptions { IntraOpThreads = 3, WarmUp = 0, Repetitions = 1 });
        Assert.Equal((3, 2), (seen, get_num_threads()));
    }

    [Fact]
    public void A_failure_names_the_segment_and_leaves_the_model_as_it_was()
    {
        using var scope = NewDisposeScope();
        for (var failing = 1; failing <= 8; failing++)
        {
            var calls = 0;
            using var model = new PiecesNet(Linear(4, 4), BatchNorm1d(4), Linear(4, 4));
            var (x, y) = (randn(5, 4), randn(5, 4));
            functional.mse_loss(model.call(x), y).backward();
            using var loss = MSELoss();
            var before = State(model, x);
            var at = -1;
            model.BeforeLayer = layer =>
            {
                if (++calls != failing) return;
                at = layer;
                throw new InvalidOperationException("broken on purpose");
            };
            var live = LiveTensors.Settled();

            var error = Assert.Throws<InvalidOperationException>(() => PipelineProfiler.Measure(model, x, y, loss, Quick));

            Assert.Contains($"segment {at} ('layers.{at}')", error.Message, StringComparison.Ordinal);
            Assert.Contains("broken on purpose", error.Message, StringComparison.Ordinal);
            Assert.Equal(live, LiveTensors.Settled());
            AssertSame(before, State(model, x));
        }
    }

    [Fact]
    public void The_number_of_samples_is_asked_for_where_nothing_says_it()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(
            () => PipelineProfiler.Measure(new PiecesNet(Tanh()), ones([]), ones([]), Loss, Quick));
        Assert.Contains("say how many samples they hold with ProfilerOptions.Samples", error.Message, StringComparison.Ordinal);
        var options = new ProfilerOptions { Samples = 7, WarmUp = 0, Repetitions = 1 };
        Assert.Equal(7, PipelineProfiler.Measure(new PiecesNet(Tanh()), ones([]), ones([]), Loss, options).Samples);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProfilerOptions { WarmUp = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProfilerOptions { Repetitions = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProfilerOptions { IntraOpThreads = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ProfilerOptions { Samples = 0 });
    }

    /// <summary>All that must be as it was, by name: parameters and buffers, gradients, the input and its gradient, the generator.</summary>
    private static Dictionary<string, Tensor> State(Module model, Tensor x)
    {
        var state = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient) state["gradient of " + name] = gradient.clone();
        }

        state["input"] = x.detach().clone();
        if (x.grad is { } ofInput) state["gradient of input"] = ofInput.clone();
        state["generator"] = get_rng_state();
        return state;
    }

    private static void AssertSame(Dictionary<string, Tensor> before, Dictionary<string, Tensor> after)
    {
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(before.Keys, name => Assert.True(before[name].Equals(after[name]), name));
    }
}
