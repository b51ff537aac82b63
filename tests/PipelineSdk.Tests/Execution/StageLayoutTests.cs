using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Neighbours are joined so that the costliest stage costs as little as can be, by an estimate from shapes.</summary>
public sealed class StageLayoutTests
{
    [Theory]
    [InlineData(1, "0 1 2 3 4 5")]
    [InlineData(2, "0 1 2 3 | 4 5")] // 400 and 2112 | 538 weights
    [InlineData(3, "0 1 2 | 3 | 4 5")]
    [InlineData(6, "0 | 1 | 2 | 3 | 4 | 5")]
    public void Open_segments_are_joined_by_their_parameters(int stages, string expected)
        => AssertStages(expected, new PiecesNet(
            Linear(4, 8), Linear(8, 8), Linear(8, 32), Linear(32, 64), Linear(64, 8), Linear(8, 2)), stages);

    [Theory]
    [InlineData(2, "0 1 2 3 4 | 5 6")]
    [InlineData(3, "0 1 | 2 3 4 | 5 6")]
    public void What_has_no_parameters_goes_with_the_layer_before_it(int stages, string expected)
        => AssertStages(expected, new PiecesNet(
            Linear(8, 8), ReLU(), Linear(8, 8), ReLU(), Dropout(0.1), Linear(8, 16), Tanh()), stages);

    [Fact]
    public void Without_any_parameters_segments_are_joined_by_their_number()
        => AssertStages("0 1 | 2 3 | 4 5", new PiecesNet(ReLU(), Tanh(), ReLU(), Tanh(), ReLU(), Tanh()), 3);

    [Theory]
    [InlineData(null, "0 1 | 2 3 | 4")]
    [InlineData(3, "0 1 | 2 3 | 4")]
    [InlineData(2, "0 1 | 2 3 4")]
    [InlineData(1, "0 1 2 3 4")]
    public void What_is_pinned_to_one_stage_stays_together_whatever_it_costs(int? stages, string expected)
        => AssertStages(
            expected,
            new PiecesNet(Linear(4, 64), Linear(64, 64), Linear(64, 4), Linear(4, 4), Linear(4, 4)) { Pins = [0, 0, 1, 1, 2] },
            stages);

    [Theory]
    [InlineData(null, "0 1 | 2 3 4")]
    [InlineData(2, "0 1 | 2 3 4")]
    [InlineData(3, "0 | 1 | 2 3 4")]
    public void Open_segments_beside_pinned_ones_go_to_the_cheaper_neighbour(int? stages, string expected)
        => AssertStages(
            expected,
            new PiecesNet(Linear(4, 4), Linear(4, 30), Linear(30, 4), Linear(4, 4), Linear(4, 4)) { Pins = [0, null, 1, 1, null] },
            stages);

    [Fact]
    public void Convolutions_are_weighed_as_networks_are_built_with_more_channels_on_smaller_maps()
    {
        // Three times the same work, though the last has 16 times the weights of the first.
        AssertStages("0 1 | 2 3 | 4 5", new PiecesNet(
            Conv2d(8, 8, 3), Conv2d(8, 8, 3), Conv2d(16, 16, 3), Conv2d(16, 16, 3), Conv2d(32, 32, 3), Conv2d(32, 32, 3)), 3);
    }

    [Fact]
    public void A_large_table_of_embeddings_is_looked_up_and_not_multiplied()
        => AssertStages("0 1 | 2 3", new PiecesNet(Embedding(10_000, 8), Linear(8, 8), Linear(8, 8), Linear(8, 2)), 2);

    [Fact]
    public void Layers_that_share_a_parameter_stay_in_one_stage()
    {
        var shared = Linear(8, 8);
        AssertStages("0 | 1 2 3 | 4", new PiecesNet(Linear(8, 8), shared, Linear(8, 8), shared, Linear(8, 8)), 3);
    }

    [Fact]
    public void More_stages_than_layers_that_can_be_parted_are_refused_with_what_there_is()
    {
        using var scope = NewDisposeScope();
        var shared = Linear(8, 8);
        var model = new PiecesNet(Linear(8, 8), shared, Linear(8, 8), shared, Linear(8, 8));
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 4 }));
        Assert.Contains(
            "PipelineOptions.Stages is 4, but PiecesNet is cut into 3 (layers.0 | layers.1, layers.2, layers.3 | layers.4)",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_names_no_stages_needs_a_number_or_a_plan()
    {
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(new PiecesNet(Linear(2, 2), Linear(2, 2))));
        Assert.Contains("PiecesNet names no stages: set PipelineOptions.Stages (1 to 2)", error.Message, StringComparison.Ordinal);
    }

    private static void AssertStages(string expected, PiecesNet model, int? stages)
    {
        using var owned = model;
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = stages });
        Assert.Equal(expected, string.Join(" | ", pipeline.StageNames).Replace("layers.", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal));
    }
}
