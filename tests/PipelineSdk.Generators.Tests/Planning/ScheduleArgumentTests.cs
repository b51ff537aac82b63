extern alias runtime;

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Generators.Tests.Harness;
using PipelineSdk.Generators.Tests.Incremental;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace PipelineSdk.Generators.Tests.Planning;

/// <summary>What <c>[Pipeline(...)]</c> says is proven at compile time and handed on to the runtime.</summary>
public sealed class ScheduleArgumentTests
{
    private static readonly string Model = ModelSources.Read("LongSkip");

    public static TheoryData<string> Schedules => [.. runtime::PipelineSdk.Schedules.ScheduleCatalog.All.Select(schedule => schedule.Name)];

    [Theory]
    [InlineData("Schedule = \"1F1C\"", "There is no schedule '1F1C'. Did you mean 1F1B? There are: Sequential, GPipe,")]
    [InlineData("Workers = 5", "1F1B gives every worker at least one stage, but there are 5 workers for 4. What works: 5 workers, 5 stages, 4 micro-batches")]
    [InlineData("Schedule = \"LoopedBFS\", Workers = 3", "4 stages do not divide among 3 workers. What works: 3 workers, 3 stages, 4 micro-batches")]
    [InlineData("Workers = -1", "Workers is -1, but must be at least 1.")]
    public void The_message_is_that_of_the_schedule(string arguments, string expected)
    {
        var report = Assert.Single(Generation.Of(With(arguments), ModelSources.Usings).Reported);
        Assert.Equal(("PSDK0027", DiagnosticSeverity.Error), (report.Id, report.Severity));
        Assert.StartsWith("'LongSkip' can't be trained as [Pipeline] says: ", report.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(expected, report.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Schedules))]
    public void No_number_is_too_large_or_too_small(string schedule)
    {
        int[] numbers = [int.MinValue, 1, 4, 1024, int.MaxValue];
        foreach (var workers in numbers)
        {
            foreach (var microBatches in numbers)
            {
                var arguments = $"Schedule = \"{schedule}\", Workers = {workers}, MicroBatches = {microBatches}";
                var generation = Generation.Of(With(arguments), ModelSources.Usings);
                Assert.Null(generation.Driver.GetRunResult().Results.Single().Exception);
                Assert.All(generation.Reported, report => Assert.Equal("PSDK0027", report.Id));
            }
        }
    }

    [Fact]
    public void What_is_said_stands_in_the_blueprint()
    {
        var text = Blueprint("Schedule = \"GPipe\", Workers = 4, MicroBatches = 8");
        Assert.Contains("PipelineDefaults { Schedule = \"GPipe\", Workers = 4, MicroBatches = 8 };", text, StringComparison.Ordinal);
        Assert.Contains("PipelineDefaults { MicroBatches = 8 };", Blueprint("MicroBatches = 8"), StringComparison.Ordinal);
        Assert.DoesNotContain("PipelineDefaults", Blueprint(""), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_numbers_change_the_blueprint_and_not_the_statements()
    {
        var first = Generation.Of(With("MicroBatches = 8"), ModelSources.Usings);
        var second = first.Then(Generation.Compile(With("MicroBatches = 9"), ModelSources.Usings));
        Assert.Equal(new RunReasons(Modified, Modified, Unchanged, Unchanged, "Modified Cached"), RunReasons.Of(second.Driver));
    }

    [Fact]
    public void Nothing_is_proven_again_when_another_file_is_edited()
    {
        var first = Generation.Of(With("Workers = 5"), ModelSources.Usings);
        var options = (CSharpParseOptions)first.Input.SyntaxTrees[0].Options;
        var second = first.Then(first.Input.AddSyntaxTrees(CSharpSyntaxTree.ParseText("public class Other { }", options)));
        Assert.Equal([Cached], Proofs(second));
        Assert.Equal("PSDK0027", Assert.Single(second.Reported).Id);
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "Cached"), RunReasons.Of(second.Driver));
    }

    [Fact]
    public void The_report_moves_with_its_line()
    {
        var moved = Assert.Single(Generation.Of("\n\n" + With("Workers = 5"), ModelSources.Usings).Reported);
        var still = Assert.Single(Generation.Of(With("Workers = 5"), ModelSources.Usings).Reported);
        Assert.Equal(still.Location.GetLineSpan().StartLinePosition.Line + 2, moved.Location.GetLineSpan().StartLinePosition.Line);
    }

    private static string With(string arguments) => Model.Replace("[Pipeline]", $"[Pipeline({arguments})]", StringComparison.Ordinal);

    private static string Blueprint(string arguments)
        => Generation.Of(With(arguments), ModelSources.Usings).Files.Single(file => file.Key.EndsWith(".Pipeline.g.cs", StringComparison.Ordinal)).Value;

    private static IEnumerable<IncrementalStepRunReason> Proofs(Generation generation)
        => generation.Driver.GetRunResult().Results.Single().TrackedSteps[TrackingNames.ClassReports].SelectMany(step => step.Outputs)
            .Select(output => output.Reason);
}
