using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Generators.Tests.Harness;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace PipelineSdk.Generators.Tests.Incremental;

/// <summary>An edit makes the generator write only what it changes.</summary>
public sealed class IncrementalTests
{
    private static readonly string Model = ModelSources.Read("LongSkip");

    [Fact]
    public void An_edit_in_another_file_leaves_everything_cached()
        => AssertEdit(Model, "public class Other { }", Model, "public class Other { public int Added; }", new(Unchanged, Cached, Cached, Cached, "Cached"));

    [Fact]
    public void A_new_file_leaves_everything_cached()
    {
        var first = Generation.Of(Model, ModelSources.Usings);
        var options = (CSharpParseOptions)first.Input.SyntaxTrees[0].Options;
        var second = first.Then(first.Input.AddSyntaxTrees(CSharpSyntaxTree.ParseText("public class Other { }", options)));
        AssertReasons(new(Unchanged, Cached, Cached, Cached, "Cached"), second);
    }

    [Fact]
    public void A_new_file_leaves_what_is_reported_cached()
    {
        var warned = Model.Replace("public LongSkip()", "[PipelineStage(0)] private readonly Linear unused = Linear(1, 1);\n    public LongSkip()", StringComparison.Ordinal);
        var first = Generation.Of(warned, ModelSources.Usings);
        Assert.Single(first.Reported);
        var options = (CSharpParseOptions)first.Input.SyntaxTrees[0].Options;
        var second = first.Then(first.Input.AddSyntaxTrees(CSharpSyntaxTree.ParseText("public class Other { }", options)));
        AssertReasons(new(Unchanged, Cached, Cached, Cached, "Cached"), second);
    }

    [Fact]
    public void Lines_that_move_change_the_statements_and_not_the_blueprint()
        => AssertEdit(Model, "", "\n\n\n" + Model, "", new(Modified, Unchanged, Modified, Unchanged, "Modified Cached"));

    [Fact]
    public void A_comment_behind_the_class_changes_nothing()
        => AssertEdit(Model, "", Model + "// a remark\n", "", new(Unchanged, Cached, Cached, Cached, "Cached"));

    [Fact]
    public void An_edit_of_a_statement_changes_the_statements_and_not_the_blueprint() => AssertEdit(
        Model, "", Model.Replace("skip + functional", "skip * functional", StringComparison.Ordinal), "", new(Modified, Unchanged, Modified, Unchanged, "Modified Cached"));

    [Fact]
    public void Another_stage_number_changes_both() => AssertEdit(
        Model,
        "",
        Model.Replace("[PipelineStage(3)]", "[PipelineStage(2)]", StringComparison.Ordinal),
        "",
        new(Modified, Modified, Modified, Unchanged, "Modified Cached"));

    [Fact]
    public void An_error_that_comes_and_goes_changes_the_diagnostics()
    {
        var broken = Model.Replace("[PipelineStage(3)]", "[PipelineStage(4)]", StringComparison.Ordinal);
        AssertEdit(Model, "", broken, "", new(Modified, Modified, Modified, Modified, "Modified"));
    }

    [Fact]
    public void A_diagnostic_moves_with_its_line_and_nothing_else_changes()
    {
        var warned = Model.Replace("public LongSkip()", "[PipelineStage(0)] private readonly Linear unused = Linear(1, 1);\n    public LongSkip()", StringComparison.Ordinal);
        var first = Generation.Of(warned, ModelSources.Usings);
        var second = first.Then(Generation.Compile("\n" + warned, ModelSources.Usings));
        Assert.Equal(
            Assert.Single(first.Reported).Location.GetLineSpan().StartLinePosition.Line + 1,
            Assert.Single(second.Reported).Location.GetLineSpan().StartLinePosition.Line);
        AssertReasons(new(Modified, Unchanged, Modified, Modified, "Modified Cached"), second);
    }

    [Fact]
    public void An_edit_of_one_model_leaves_the_other_cached()
    {
        var other = ModelSources.Read("Chain");
        var first = Generation.Of(Model, other, ModelSources.Usings);
        var second = first.Then(first.Input.ReplaceSyntaxTree(
            first.Input.SyntaxTrees[1],
            first.Input.SyntaxTrees[1].WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From("\n" + other))));
        var reasons = second.Driver.GetRunResult().Results.Single().TrackedSteps[TrackingNames.Forward]
            .SelectMany(step => step.Outputs).Select(output => output.Reason);
        Assert.Equal([Modified, Cached], reasons.Order());
    }

    private static void AssertEdit(string model, string other, string newModel, string newOther, RunReasons expected)
    {
        var first = Generation.Of(model, other, ModelSources.Usings);
        var compilation = first.Input;
        var options = (CSharpParseOptions)compilation.SyntaxTrees[0].Options;
        if (newModel != model)
        {
            compilation = compilation.ReplaceSyntaxTree(
                compilation.SyntaxTrees[0], CSharpSyntaxTree.ParseText(newModel, options, "Model.cs"));
        }

        if (newOther != other)
        {
            compilation = compilation.ReplaceSyntaxTree(
                compilation.SyntaxTrees[1], CSharpSyntaxTree.ParseText(newOther, options, "Model1.cs"));
        }

        AssertReasons(expected, first.Then(compilation));
    }

    private static void AssertReasons(RunReasons expected, Generation second) => Assert.Equal(expected, RunReasons.Of(second.Driver));
}
