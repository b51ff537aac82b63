using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

public sealed class StageNumbersFixTests
{
    private const string Id = "PSDK0004";
    private const string Title = "Renumber the stages of 'Net' from 0 without a gap";

    [Theory]
    // A gap, a first stage above 0, below 0, all of them and out of order; equal numbers stay equal.
    [InlineData("0 2 2", "0 1 1")]
    [InlineData("3 4 5", "0 1 2")]
    [InlineData("-1 0 1", "0 1 2")]
    [InlineData("-7 2 40", "0 1 2")]
    [InlineData("2 2 9", "0 0 1")]
    public async Task Keeps_the_order_of_the_stages(string before, string after)
    {
        static string Source(string numbers)
        {
            var stages = numbers.Split(' ');
            return Models.Pipeline(
                $$"""
                [PipelineStage({{stages[0]}})] private readonly Linear a = Linear(4, 4); // first
                [PipelineStage(/* second */ {{stages[1]}})]
                private readonly Linear b = Linear(4, 4);
                [field: PipelineStage(stage: {{stages[2]}})] private Linear c { get; } = Linear(4, 4);
                """,
                "c.forward(b.forward(a.forward(x)))");
        }

        var editor = await Editor.Open(Source(before)).ApplyAsync(Id, Title);
        Assert.Equal([Source(after)], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Theory]
    [InlineData("PipelineStages(1, 1)", "0", "-1", "PipelineStages(1, 1, FirstStage = 1)", "0", "0")]
    [InlineData("PipelineStages(1, 1, FirstStage = 4)", "2", "2", "PipelineStages(1, 1, FirstStage = 1)", "0", "0")]
    public async Task Moves_the_first_stage_of_a_split_member(
        string split, string first, string second, string splitAfter, string firstAfter, string secondAfter)
    {
        static string Source(string split, string first, string second) => Models.Pipeline(
            $"""
            [PipelineStage({first})] private readonly Linear a = Linear(4, 4);
            [PipelineStage({second})] private readonly Linear b = Linear(4, 4);
            [{split}] private readonly Sequential many = Sequential(Linear(4, 4), ReLU());
            """,
            "many.forward(b.forward(a.forward(x)))");

        if (first == "0")
        {
            // Stage -1 goes first, so what was 0 becomes 1 everywhere.
            (firstAfter, secondAfter) = ("1", "0");
        }

        var editor = await Editor.Open(Source(split, first, second)).ApplyAsync(Id, Title);
        Assert.Equal([Source(splitAfter, firstAfter, secondAfter)], await editor.SourcesAsync());
        Assert.DoesNotContain(Id, await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Does_not_count_a_stage_whose_only_member_is_never_used()
    {
        static string Source(int last) => Models.Pipeline(
            $"""
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
            [PipelineStage({last})] private readonly Linear c = Linear(4, 4);
            private Tensor Head(Tensor x) => c.forward(x);
            """,
            "Head(a.forward(x))");
        var editor = await Editor.Open(Source(2)).ApplyAsync(Id, Title);
        Assert.Equal([Source(1)], await editor.SourcesAsync());
        Assert.Equal(["PSDK0016"], await editor.ProblemsAsync());
    }

    [Theory]
    [InlineData("Last")]
    [InlineData("1 + 1")]
    public async Task Leaves_computed_numbers_alone(string number)
    {
        var editor = Editor.Open(Models.Pipeline(
            $"""
            private const int Last = 2;
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            [PipelineStage({number})] private readonly Linear b = Linear(4, 4);
            """,
            "b.forward(a.forward(x))"));
        Assert.Empty(await editor.OffersAsync(Id));
    }

    [Fact]
    public async Task Leaves_the_numbers_of_a_base_class_alone()
    {
        var editor = Editor.Open(
            """
            public abstract class Base : Module<Tensor, Tensor>
            {
                [PipelineStage(1)] protected readonly Linear a = Linear(4, 4);
                protected Base() : base("base") { }
            }
            """,
            """
            [Pipeline]
            public sealed partial class Net : Base
            {
                [PipelineStage(3)] private readonly Linear b = Linear(4, 4);
                public override Tensor forward(Tensor x) => b.forward(a.forward(x));
            }
            """);
        Assert.Empty(await editor.OffersAsync(Id));
    }

    [Theory]
    [InlineData(FixAllScope.Document, 2)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task Renumbers_all_classes_of_a_scope(FixAllScope scope, int left)
    {
        static string Source(int first, int second, string name) => Models.Pipeline(
            $"""
            [PipelineStage({first})] private readonly Linear a = Linear(4, 4);
            [PipelineStage({second})] private readonly Linear b = Linear(4, 4);
            """,
            "b.forward(a.forward(x))",
            name);

        // Two diagnostics in one class are one repair.
        var both = Source(-2, -1, "First") + "\n\n" + Source(1, 5, "Second");
        var editor = Editor.OpenProjects([both, Source(0, 2, "Third")], [Source(0, 3, "Fourth")]);
        editor = await editor.ApplyToAllAsync(Id, scope);
        Assert.Equal(left, (await editor.DiagnosticsAsync()).Count(found => found.Diagnostic.Id == Id));
        Assert.Equal(Source(0, 1, "First") + "\n\n" + Source(0, 1, "Second"), (await editor.SourcesAsync())[0]);
    }
}
