using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>A <c>using</c> or a <c>file</c> that is in the way.</summary>
public sealed class DeclarationFixTests
{
    private static string TwoStages(string body) => $$"""
        [Pipeline]
        public sealed partial class Net : Module<Tensor, Tensor>
        {
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
            public Net() : base("net") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;

    [Theory]
    [InlineData("using var h = a.forward(x);", "var h = a.forward(x);")]
    [InlineData("using /* early */ Tensor h = a.forward(x);", "/* early */ Tensor h = a.forward(x);")]
    public async Task Drops_the_using_of_a_value_that_crosses_a_cut(string before, string after)
    {
        var editor = Editor.Open(TwoStages(before + "\n        return b.forward(h);"));
        editor = await editor.ApplyAsync("PSDK0009", "Declare 'h' without using");
        Assert.Equal(
            [TwoStages(after + "\n        return b.forward(h);").Replace("        /* early */", "         /* early */", StringComparison.Ordinal)],
            await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Drops_the_using_of_all_values_that_cross()
    {
        static string Source(string declare) => TwoStages(
            $"{declare} h = a.forward(x);\n        {declare} g = a.forward(h);\n        return b.forward(h) + g;");
        var editor = await Editor.Open(Source("using var")).ApplyToAllAsync("PSDK0009", FixAllScope.Document);
        Assert.Equal([Source("var")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Offers_nothing_for_a_value_that_can_not_cross_for_another_reason()
        => Assert.Empty(await Editor.Open(TwoStages(
            "System.Func<Tensor, Tensor> f = value => value + 1;\n        x = a.forward(x);\n        return f(b.forward(x));"))
            .OffersAsync("PSDK0009"));

    [Fact]
    public async Task Makes_a_class_that_is_local_to_its_file_internal()
    {
        static string Source(string access) => Models.Class($"[Pipeline]\n{access} sealed partial class",
            "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "a.forward(x)");
        var editor = await Editor.Open(Source("file")).ApplyToAllAsync("PSDK0017", FixAllScope.Project);
        Assert.Equal([Source("internal")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Does_not_make_a_class_internal_whose_name_is_taken()
        => Assert.Empty(await Editor.Open(
            Models.Class("[Pipeline]\nfile sealed partial class", "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "a.forward(x)"),
            "file class Net { }").OffersAsync("PSDK0017"));
}
