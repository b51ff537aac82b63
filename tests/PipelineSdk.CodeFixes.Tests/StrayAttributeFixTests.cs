using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

public sealed class StrayAttributeFixTests
{
    private const string Id = "PSDK0014";

    [Theory]
    [InlineData("[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "private readonly Linear a = Linear(4, 4);")]
    [InlineData("[PipelineStage(0)]\n    private readonly Linear a = Linear(4, 4);", "private readonly Linear a = Linear(4, 4);")]
    [InlineData("/// <summary>First.</summary>\n    [PipelineStage(0)]\n    private readonly Linear a = Linear(4, 4);",
        "/// <summary>First.</summary>\n    private readonly Linear a = Linear(4, 4);")]
    [InlineData("[PipelineStage(0)] // why\n    private readonly Linear a = Linear(4, 4);", "// why\n    private readonly Linear a = Linear(4, 4);")]
    [InlineData("[PipelineStage(0), System.Obsolete] private readonly Linear a = Linear(4, 4);", "[System.Obsolete] private readonly Linear a = Linear(4, 4);")]
    [InlineData("[System.Obsolete, PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "[System.Obsolete] private readonly Linear a = Linear(4, 4);")]
    [InlineData("[System.Obsolete] [PipelineStage(0)]\n    private readonly Linear a = Linear(4, 4);", "[System.Obsolete]\n    private readonly Linear a = Linear(4, 4);")]
    [InlineData("[System.Obsolete]\n    [PipelineStage(0)]\n    private readonly Linear a = Linear(4, 4);", "[System.Obsolete]\n    private readonly Linear a = Linear(4, 4);")]
    [InlineData("[PipelineSdk.PipelineStage(0)] private Linear a { get; } = Linear(4, 4);", "private Linear a { get; } = Linear(4, 4);")]
    public async Task Removes_the_attribute_and_no_comment(string member, string expected)
    {
        var source = Models.Class("public class", "@", "a.forward(x)");
        var editor = Editor.Open(source.Replace("@", member, StringComparison.Ordinal));
        var title = member.Contains("PipelineSdk.", StringComparison.Ordinal) ? "Remove [PipelineSdk.PipelineStage]" : "Remove [PipelineStage]";
        editor = await editor.ApplyAsync(Id, title);
        Assert.Equal([source.Replace("@", expected, StringComparison.Ordinal)], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Removes_whole_lines_above_a_directive()
    {
        const string Rest = "#pragma warning disable CS0169\n    private readonly Linear a = Linear(4, 4);";
        var source = Models.Class("public class", "@", "a.forward(x)");
        var editor = Editor.Open(source.Replace("@", "[PipelineStage(\n        0)]\n" + Rest, StringComparison.Ordinal));
        editor = await editor.ApplyAsync(Id, "Remove [PipelineStage]");
        Assert.Equal([source.Replace("    @", Rest, StringComparison.Ordinal)], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Removes_all_also_where_two_share_their_brackets()
    {
        var source = Models.Class("public class", "@", "a.forward(x)");
        var editor = Editor.Open(source.Replace(
            "@", "[PipelineStage(0), PipelineStages(1)]\n    [System.Obsolete]\n    private readonly Sequential a = Sequential(ReLU());", StringComparison.Ordinal));
        editor = await editor.ApplyToAllAsync(Id, FixAllScope.Document, offer: 1);
        Assert.Equal(
            [source.Replace("@", "[System.Obsolete]\n    private readonly Sequential a = Sequential(ReLU());", StringComparison.Ordinal)],
            await editor.SourcesAsync());
    }

    [Fact]
    public async Task Marks_the_class_and_makes_it_and_the_types_around_it_partial()
    {
        static string Source(string partial, string mark) => $$"""
            static {{partial}}class Outer
            {
                /// <summary>A net.</summary>
                {{mark}}public sealed {{partial}}class Net : Module<Tensor, Tensor>
                {
                    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
                    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
                    public Net() : base("net") => RegisterComponents();
                    public override Tensor forward(Tensor x) => b.forward(a.forward(x));
                }
            }
            """;
        var editor = await Editor.Open(Source("", "")).ApplyAsync(Id, "Mark 'Net' [Pipeline]", index: 1);
        Assert.Equal([Source("partial ", "[Pipeline]\n    ")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Marks_all_classes_once_each()
    {
        static string Source(string mark, string partial, string name) => Models.Class(
            $"{mark}{partial}class",
            "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);\n[PipelineStage(1)] private readonly Linear b = Linear(4, 4);",
            "b.forward(a.forward(x))",
            name);
        var editor = Editor.Open(Source("", "", "First"), Source("", "", "Second") + "\n" + Source("", "", "Third"));
        editor = await editor.ApplyToAllAsync(Id, FixAllScope.Project);
        Assert.Equal(
            [Source("[Pipeline]\n", "partial ", "First"), Source("[Pipeline]\n", "partial ", "Second") + "\n" + Source("[Pipeline]\n", "partial ", "Third")],
            await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Writes_the_full_name_where_the_short_one_means_something_else()
    {
        var source = "namespace Own\n{\n    public class PipelineAttribute : System.Attribute { }\n    "
            + Models.Class("public class", "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "a.forward(x)") + "\n}";
        var editor = await Editor.Open(source).ApplyAsync(Id, "Mark 'Net' [Pipeline]");
        Assert.Contains("    [PipelineSdk.Pipeline]\n    public partial class Net", Assert.Single(await editor.SourcesAsync()), StringComparison.Ordinal);
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Theory]
    [InlineData("public class Net\n{\n    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);\n    public Tensor forward(Tensor x) => a.forward(x);\n}")]
    [InlineData("file class Net : Module<Tensor, Tensor>\n{\n    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);\n"
        + "    public Net() : base(\"net\") { }\n    public override Tensor forward(Tensor x) => a.forward(x);\n}")]
    public async Task Does_not_mark_what_can_be_no_pipeline(string source)
        => Assert.Equal(["Remove [PipelineStage]"], (await Editor.Open(source).OffersAsync(Id)).Select(offer => offer.Title));
}
