using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>Members that run in a stage by position.</summary>
public sealed class StageByPositionFixTests
{
    private const string Forward = "d.forward(c.forward(b.forward(a.forward(x))))";

    [Fact]
    public async Task Pins_one_member_or_all_to_the_stages_they_run_in()
    {
        static string Source(string b, string d) => Models.Pipeline(
            $$"""
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            // Between the stages.
            {{b}}private readonly LayerNorm b = LayerNorm(4);
            [PipelineStage(1)] private readonly Linear c = Linear(4, 4);
            {{d}}[System.Obsolete] private Linear d { get; } = Linear(4, 4);
            """,
            Forward);
        var before = Editor.Open(Source("", ""));

        var one = await before.ApplyAsync("PSDK0025", "Pin 'd' to stage 1", index: 1);
        Assert.Equal([Source("", "[PipelineStage(1)] ")], await one.SourcesAsync());
        Assert.Equal(["PSDK0025"], await one.ProblemsAsync());

        var all = await before.ApplyToAllAsync("PSDK0025", FixAllScope.Project);
        Assert.Equal([Source("[PipelineStage(0)] ", "[PipelineStage(1)] ")], await all.SourcesAsync());
        Assert.Empty(await all.ProblemsAsync());
    }

    [Fact]
    public async Task Stands_on_a_line_of_its_own_where_the_others_do()
    {
        static string Source(string b) => Models.Pipeline(
            $"""
            [PipelineStage(0)]
            private readonly Linear a = Linear(4, 4);
            {b}private readonly LayerNorm b = LayerNorm(4);
            """,
            "b.forward(a.forward(x))");
        var editor = await Editor.Open(Source("")).ApplyAsync("PSDK0025", "Pin 'b' to stage 0");
        Assert.Equal([Source("[PipelineStage(0)]\n")], await editor.SourcesAsync());
    }

    [Fact]
    public async Task Is_named_in_full_where_the_short_name_is_taken()
    {
        static string Source(string b) => Models.Pipeline(
            $"""
            [PipelineSdk.PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            {b}private readonly LayerNorm b = LayerNorm(4);
            private sealed class PipelineStage : System.Attribute;
            """,
            "b.forward(a.forward(x))");
        var editor = await Editor.Open(Source("")).ApplyAsync("PSDK0025", "Pin 'b' to stage 0");
        Assert.Equal([Source("[PipelineSdk.PipelineStage(0)] ")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Is_not_offered_for_fields_that_share_their_attributes()
        => Assert.Empty(await Editor.Open(Models.Pipeline(
            """
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            private readonly Linear b = Linear(4, 4), unused = Linear(4, 4);
            """,
            "b.forward(a.forward(x))")).OffersAsync("PSDK0025"));
}
