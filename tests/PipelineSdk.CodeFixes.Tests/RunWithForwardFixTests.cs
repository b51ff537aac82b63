using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>Layers that are run with <c>forward</c>.</summary>
public sealed class RunWithForwardFixTests
{
    private const string Id = "PSDK0031";
    private const string Members = """
        private readonly Linear a = Linear(4, 4);
        private readonly ReLU act = ReLU();
        private readonly Dropout drop = Dropout(0.1);
        """;

    [Fact]
    public async Task Runs_all_layers_of_the_method_that_hooks_are_for_with_call_and_no_others()
    {
        var editor = await Editor.Open(Models.Pipeline(Members, "drop.forward(act.forward(this.a /* wide */ .forward(x)))")).ApplyAsync(Id, "Run layers with call");
        Assert.Equal([Models.Pipeline(Members, "drop.call(act.forward(this.a /* wide */ .call(x)))")], await editor.SourcesAsync());
        Assert.Empty(await editor.DiagnosticsAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Repairs_every_class_of_a_solution_at_once()
    {
        static string Two(string run) => Models.Pipeline(Members, $"drop.{run}(a.{run}(x))", "First") + "\n" + Models.Pipeline(Members, $"act.forward(a.{run}(x))", "Second");
        var editor = await Editor.OpenProjects([Two("forward")], [Models.Pipeline(Members, "a.forward(drop.call(x))")]).ApplyToAllAsync(Id, FixAllScope.Solution);
        Assert.Equal([Two("call")], await editor.SourcesAsync());
        Assert.Equal([Models.Pipeline(Members, "a.call(drop.call(x))")], await editor.SourcesAsync(1));
        Assert.Empty(await editor.DiagnosticsAsync());
    }
}
