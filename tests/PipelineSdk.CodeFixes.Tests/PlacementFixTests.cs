using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>Members that are placed twice or for nothing.</summary>
public sealed class PlacementFixTests
{
    [Theory]
    [InlineData("Keep [PipelineStages] on 'a'", "[PipelineStages(1, 1)]")]
    [InlineData("Keep [PipelineStage] on 'a'", "[PipelineStage(0)]")]
    public async Task Keeps_the_attribute_that_is_chosen(string title, string kept)
    {
        static string Source(string attributes) => Models.Pipeline(
            $"{attributes}\nprivate readonly Sequential a = Sequential(Linear(4, 4), ReLU());", "a.forward(x)");
        var editor = await Editor.Open(Source("[PipelineStage(0)]\n[PipelineStages(1, 1)]")).ApplyAsync("PSDK0015", title);
        Assert.Equal([Source(kept)], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Theory]
    [InlineData(0, "PipelineStages(1)")]
    [InlineData(1, "PipelineStage(0)")]
    public async Task Keeps_the_same_of_all(int offer, string kept)
    {
        static string Source(string attributes) => Models.Pipeline(
            $"""
            [{attributes}] private readonly Sequential a = Sequential(ReLU());
            [{attributes}] private readonly Sequential b = Sequential(ReLU());
            """,
            "b.forward(a.forward(x))");
        var editor = await Editor.Open(Source("PipelineStage(0), PipelineStages(1)")).ApplyToAllAsync("PSDK0015", FixAllScope.Solution, offer);
        Assert.Equal([Source(kept)], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Removes_the_placement_of_members_that_forward_never_uses()
    {
        static string Source(string unused, string split) => Models.Pipeline(
            $$"""
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            {{unused}}private readonly Linear b = Linear(4, 4);
            {{unused}}private Linear c { get; } = Linear(4, 4);
            {{split}}private readonly Sequential d = Sequential(ReLU());
            """,
            "a.forward(x)");
        var before = Editor.Open(Source("[PipelineStage(0)] ", "[PipelineStages(1)]\n"));

        var one = await before.ApplyAsync("PSDK0016", "Remove [PipelineStage] from 'c'", index: 1);
        Assert.Equal(["PSDK0016", "PSDK0016"], await one.ProblemsAsync());

        var all = await before.ApplyToAllAsync("PSDK0016", FixAllScope.Document);
        Assert.Equal([Source("", "")], await all.SourcesAsync());
        Assert.Empty(await all.ProblemsAsync());
    }

    [Theory]
    // The only placement: without it the class would be cut anywhere.
    [InlineData("[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "x")]
    // One attribute for two members, of which one is used.
    [InlineData("[PipelineStage(0)] private readonly Linear a = Linear(4, 4), b = Linear(4, 4);", "b.forward(x)")]
    public async Task Keeps_placements_whose_removal_would_mean_more(string members, string forward)
        => Assert.Empty(await Editor.Open(Models.Pipeline(members, forward)).OffersAsync("PSDK0016"));
}
