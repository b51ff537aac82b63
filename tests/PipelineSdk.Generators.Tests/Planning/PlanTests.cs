using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Generators.Tests.Harness;
using PipelineSdk.Generators.Tests.Incremental;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace PipelineSdk.Generators.Tests.Planning;

/// <summary>A plan given to the build fixes the stages at compile time, or is refused with the difference.</summary>
public sealed class PlanTests
{
    private const string File = "plans/Planned.pipeline.json";
    private static readonly string Model = ModelSources.Read("Planned");

    private static readonly string[][] Stages = [["stem", "blocks[0]"], ["blocks[1]", "blocks[2]", ""], ["tail[0]", "tail[1]", "", "head"]];

    [Fact]
    public void Segments_and_elements_are_pinned_as_the_plan_has_them()
    {
        var open = Generation.Of(Model, ModelSources.Usings);
        Assert.Contains("int? PinnedStage => null;", Blueprint(open), StringComparison.Ordinal);
        Assert.Contains("Divide(", Blueprint(open), StringComparison.Ordinal);

        var planned = open.WithFiles((File, PlanTexts.Of("Planned", Stages)));
        Assert.Empty(planned.Reported);
        Assert.DoesNotContain(planned.Output.GetDiagnostics(), problem => problem.Severity == DiagnosticSeverity.Error);
        var text = Blueprint(planned);
        Assert.DoesNotContain("PinnedStage => null;", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Divide(", text, StringComparison.Ordinal);
        Assert.Equal(
            [
                "new Segment0(),",
                "new Segment1(0, 1, false, 0),",
                "new Segment1(1, 2, false, 1),",
                "new Segment1(2, 3, true, 1),",
                "new Segment2(),",
                "new Segment3(0, 1, false, 2),",
                "new Segment3(1, 2, true, 2),",
                "new Segment4(),",
                "new Segment5(),",
            ],
            text.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith("new Segment", StringComparison.Ordinal)));
        Assert.Contains("PipelineDefaults { Schedule = \"1F1B\", Workers = 3, MicroBatches = 4 };", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_changes_no_statement_and_measuring_again_changes_nothing()
    {
        var open = Generation.Of(Model, ModelSources.Usings);
        var planned = open.WithFiles((File, PlanTexts.Of("Planned", Stages)));
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "New Modified Cached"), RunReasons.Of(planned.Driver));
        var measured = planned.WithFiles((File, PlanTexts.Of("Planned", 2, Stages)));
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "Cached"), RunReasons.Of(measured.Driver));
        Assert.Equal([Cached], Planned(measured));
    }

    [Fact]
    public void An_edit_elsewhere_leaves_everything_cached()
    {
        var first = Generation.Of(Model, ModelSources.Usings).WithFiles((File, PlanTexts.Of("Planned", Stages)));
        var options = (CSharpParseOptions)first.Input.SyntaxTrees[0].Options;
        var second = first.Then(first.Input.AddSyntaxTrees(CSharpSyntaxTree.ParseText("public class Other { }", options)));
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "Cached"), RunReasons.Of(second.Driver));
        Assert.Equal([Cached], Planned(second));
        Assert.Equal(Blueprint(first), Blueprint(second));
    }

    [Fact]
    public void Lines_that_move_leave_the_blueprint_cached()
    {
        var first = Generation.Of(Model, ModelSources.Usings).WithFiles((File, PlanTexts.Of("Planned", Stages)));
        var second = first.Then(Generation.Compile("\n\n" + Model, ModelSources.Usings));
        Assert.Equal(new RunReasons(Modified, Unchanged, Modified, Unchanged, "Modified Cached"), RunReasons.Of(second.Driver));
        Assert.Equal([Cached], Planned(second));
    }

    [Fact]
    public void A_plan_of_another_name_is_none()
        => Assert.Empty(Generation.Of(Model, ModelSources.Usings).WithFiles(("plan.json", "{"), ("notes.md", "# Notes")).Reported);

    [Fact]
    public void A_file_given_twice_is_one_plan()
    {
        var text = PlanTexts.Of("Planned", Stages);
        Assert.Empty(Generation.Of(Model, ModelSources.Usings).WithFiles((File, text), (File, text)).Reported);
    }

    [Fact]
    public void A_plan_that_says_what_the_attributes_say_is_welcome()
    {
        var pinned = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings)
            .WithFiles((File, PlanTexts.Of("LongSkip", ["stem"], ["left"], ["right"], ["head"])));
        Assert.Empty(pinned.Reported);
        Assert.Contains("PipelineDefaults { Schedule = \"1F1B\", Workers = 4, MicroBatches = 8 };", Blueprint(pinned), StringComparison.Ordinal);
    }

    [Fact]
    public void The_arguments_of_the_class_are_proven_for_the_stages_of_the_plan()
    {
        var report = Assert.Single(Generation.Of(Model.Replace("MicroBatches = 4", "Workers = 4", StringComparison.Ordinal), ModelSources.Usings)
            .WithFiles((File, PlanTexts.Of("Planned", Stages))).Reported);
        Assert.Equal("PSDK0027", report.Id);
        Assert.Contains("but there are 4 workers for 3.", report.GetMessage(null), StringComparison.Ordinal);
    }

    private static string Blueprint(Generation generation)
        => generation.Files.Single(file => file.Key.EndsWith(".Pipeline.g.cs", StringComparison.Ordinal)).Value;

    private static IEnumerable<IncrementalStepRunReason> Planned(Generation generation)
        => generation.Driver.GetRunResult().Results.Single().TrackedSteps[TrackingNames.Planned].SelectMany(step => step.Outputs).Select(output => output.Reason);
}
