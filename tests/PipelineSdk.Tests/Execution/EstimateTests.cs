using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

public sealed class EstimateTests
{
    [Fact]
    public void Costs_follow_from_the_shapes_of_parameters()
    {
        using var model = new PiecesNet(Linear(4, 6), ReLU(), Conv2d(4, 8, 3), Conv2d(8, 16, 3, bias: false), Embedding(100, 5));
        var profile = PipelineProfiler.Estimate(model);
        Assert.Equal((nameof(PiecesNet), 1, "operations"), (profile.Model, profile.Samples, profile.Unit));
        Assert.Equal(["layers.0", "layers.1", "layers.2", "layers.3", "layers.4"], profile.Segments.Select(segment => segment.Name));

        var linear = profile.Segments[0];
        Assert.Equal((2 * 30) + 6, linear.Forward);
        Assert.Equal((2 * 30) + 6, linear.InputGradient);
        Assert.Equal(2 * 30, linear.WeightGradient);
        Assert.Equal((120, 120, 24, 24), (linear.ParameterBytes, linear.StateBytes, linear.ActivationBytes, linear.OutputBytes));

        var relu = profile.Segments[1];
        Assert.Equal((0, 24, 0), (relu.Total, relu.OutputBytes, relu.ParameterBytes));

        // Sixteen channels on maps of 4 x 4, eight on 8 x 8.
        Assert.Equal((2 * 288 * 64) + (2 * 8) + (8 * 64), profile.Segments[2].Forward);
        Assert.Equal((2 * 1152 * 16) + (16 * 16), profile.Segments[3].Forward);

        var table = profile.Segments[4];
        Assert.Equal((5, 0, 2000), (table.Forward, table.WeightGradient, table.ParameterBytes));
    }

    [Fact]
    public void Frozen_segments_have_no_gradients_of_weights_and_none_at_all_before_the_first_that_trains()
    {
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4), Linear(4, 4));
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (!name.StartsWith("layers.1", StringComparison.Ordinal)) parameter.requires_grad = false;
        }

        var segments = PipelineProfiler.Estimate(model).Segments;
        Assert.Equal((0, 0, 0), (segments[0].InputGradient, segments[0].WeightGradient, segments[0].StateBytes));
        Assert.True(segments[1].InputGradient > 0 && segments[1].WeightGradient > 0 && segments[1].StateBytes > 0);
        Assert.Equal((segments[1].InputGradient, 0, 0), (segments[2].InputGradient, segments[2].WeightGradient, segments[2].StateBytes));
    }

    [Fact]
    public void A_stage_may_end_where_neither_pins_nor_shared_parameters_keep_segments_together()
    {
        var shared = Linear(8, 8);
        using var model = new PiecesNet(shared, Tanh(), shared, Linear(8, 8), Linear(8, 8)) { Pins = [0, 0, 0, 1, 1] };
        Assert.Equal([false, false, true, false, true], PipelineProfiler.Estimate(model).Segments.Select(segment => segment.CanCutAfter));
        using var open = new PiecesNet(Linear(8, 8), Tanh(), Linear(8, 8));
        Assert.All(PipelineProfiler.Estimate(open).Segments, segment => Assert.True(segment.CanCutAfter));
    }

    [Fact]
    public void Every_kind_of_model_has_one_and_it_leaves_nothing_behind()
    {
        using var hand = new HandCutNet();
        using var sequential = new SequentialNet();
        using var residual = new ResidualConvNet();
        using var inside = new LossInsideNet();
        var live = LiveTensors.Settled();
        Assert.All(
            new[]
            {
                PipelineProfiler.Estimate(hand), PipelineProfiler.Estimate(sequential), PipelineProfiler.Estimate(residual),
                PipelineProfiler.Estimate(inside),
            },
            profile => Assert.All(profile.Segments, segment => Assert.True(segment.Total > 0 || segment.Name.Length == 0, segment.Name)));
        Assert.Equal(live, LiveTensors.Settled());
    }
}
