using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Planning;

/// <summary>A plan that does not fit, or can't be read, is an error that says where and why.</summary>
public sealed class PlanReportTests
{
    private const string File = "plans/Planned.pipeline.json";
    private static readonly string Model = ModelSources.Read("Planned");
    private static readonly string[] All = ["stem", "blocks[0]", "blocks[1]", "blocks[2]", "", "tail[0]", "tail[1]", "", "head"];

    public static TheoryData<string[], string> Stale => new()
    {
        { All[1..], "Segment 0 is 'blocks[0]' in the plan, but 'stem' in the model: 'stem' is not in the plan." },
        { ["stem, norm", .. All[1..]], "Segment 0 is 'stem, norm' in the plan, but 'stem' in the model: it was renamed or replaced." },
        { [All[0], "layers[0]", "layers[1]", .. All[4..]], "Segment 1 is 'layers[0]' in the plan, but 'blocks' in the model: it was renamed or replaced." },
        { [All[0], "blocks[0]", "blocks[2]", .. All[4..]], "Segment 2 is 'blocks[2]' in the plan, but statements without a member in the model: 'blocks[2]' is no longer in the model." },
        { [.. All, "norm"], "The model has 9 segments, the plan 10: 'norm' is no longer in the model." },
        { All[..^1], "The model has 9 segments, the plan 8: 'head' is not in the plan." },
        { [.. All[..4], .. All[5..]], "Segment 4 is 'tail[0]' in the plan, but statements without a member in the model: the order has changed." },
    };

    [Theory]
    [MemberData(nameof(Stale))]
    public void A_stale_plan_is_refused_at_the_class_with_the_first_difference(string[] segments, string difference)
    {
        var report = Assert.Single(Generation.Of(Model, ModelSources.Usings).WithFiles((File, PlanTexts.Of("Planned", segments))).Reported);
        Assert.Equal(("PSDK0028", DiagnosticSeverity.Error), (report.Id, report.Severity));
        Assert.Equal("Planned", TextAt(report));
        Assert.Equal(
            $"'Planned' can't be placed by Planned.pipeline.json: {difference} Make the plan anew, or take it out of the build.", report.GetMessage(null));
    }

    [Fact]
    public void A_plan_that_places_what_attributes_place_otherwise_is_refused()
    {
        var report = Assert.Single(Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings)
            .WithFiles((File, PlanTexts.Of("LongSkip", ["stem"], ["left", "right"], ["head"]))).Reported);
        Assert.Equal(("PSDK0028", "LongSkip"), (report.Id, TextAt(report)));
        Assert.Contains("'right' is in stage 1 of the plan, but pinned to stage 2. Attributes win over a plan", report.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_plans_for_one_class_are_refused()
    {
        var text = PlanTexts.Of("Planned", All);
        var report = Assert.Single(Generation.Of(Model, ModelSources.Usings).WithFiles((File, text), ("Other.pipeline.json", text)).Reported);
        Assert.Equal(("PSDK0028", "Planned"), (report.Id, TextAt(report)));
        Assert.Contains("Other.pipeline.json is a plan for it too. Give the build one of them.", report.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_for_a_class_that_there_is_none_of_is_refused_where_it_names_it()
    {
        var report = Assert.Single(Generation.Of(Model, ModelSources.Usings).WithFiles((File, PlanTexts.Of("Plan", All))).Reported);
        Assert.Equal("PSDK0028", report.Id);
        AssertIn(File, 4, 12, report);
        Assert.Contains("This project has no [Pipeline] class of that name.", report.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2", 3, 14, "The plan is of version 2; this PipelineSdk reads up to version 1.")]
    [InlineData("pipelinesdk-plan", "other", 2, 13, "This is no plan: its format is \"other\"")]
    [InlineData("1F1B", "1F1C", 8, 15, "There is no schedule '1F1C'. Did you mean 1F1B?")]
    [InlineData("\"workers\": 1", "\"workers\": 2", 8, 15, "The schedule has 2 workers, but the stages are on 1.")]
    [InlineData("\"unit\"", "unit", 5, 3, "Expected a property's name in quotes, found 'u'.")]
    [InlineData("\"unit\": \"ms\"", "\"units\": \"ms\"", 1, 1, "The property \"unit\" is missing.")]
    public void A_file_that_is_no_plan_is_refused_where_it_is_wrong(string part, string instead, int line, int column, string reason)
    {
        var text = PlanTexts.Of("Planned", All);
        Assert.Contains(part, text, StringComparison.Ordinal);
        var generation = Generation.Of(Model, ModelSources.Usings).WithFiles((File, text.Replace(part, instead, StringComparison.Ordinal)));
        var report = Assert.Single(generation.Reported);
        Assert.Equal(("PSDK0029", DiagnosticSeverity.Error), (report.Id, report.Severity));
        AssertIn(File, line, column, report);
        Assert.StartsWith($"Planned.pipeline.json can't be read: Line {line}, column {column}: {reason}", report.GetMessage(null), StringComparison.Ordinal);
        Assert.DoesNotContain(generation.Output.GetDiagnostics(), problem => problem.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void Half_typed_plans_are_no_trouble()
    {
        var text = PlanTexts.Of("Planned", [.. All.Select(name => new[] { name })]);
        var random = new Random(29);
        var generation = Generation.Of(Model, ModelSources.Usings);
        for (var i = 0; i < 300; i++)
        {
            var (at, length) = (random.Next(text.Length), random.Next(1, 12));
            var rest = Math.Min(text.Length, at + length);
            var broken = (i % 4) switch
            {
                0 => text[..at],
                1 => text[..at] + text[rest..],
                2 => text[..at] + text[at..rest] + text[at..rest] + text[rest..],
                _ => text[..at] + "9-{[\"\\\0,:\uFEFF"[random.Next(10)] + text[rest..],
            };
            generation = generation.WithFiles((File, broken));
            var result = generation.Driver.GetRunResult().Results.Single();
            Assert.True(result.Exception is null, $"{result.Exception}\n{broken}");
            Assert.All(result.Diagnostics, report => Assert.True(report.Id is "PSDK0027" or "PSDK0028" or "PSDK0029", $"{report}\n{broken}"));
        }
    }

    [Fact]
    public void A_file_without_text_is_left_to_the_compiler()
    {
        var driver = Generation.Of(Model, ModelSources.Usings).Driver.AddAdditionalTexts([new TextFile(File, null)]);
        Assert.Empty(driver.RunGenerators(Generation.Compile(Model, ModelSources.Usings)).GetRunResult().Diagnostics);
    }

    private static void AssertIn(string path, int line, int column, Diagnostic report)
    {
        var place = report.Location.GetLineSpan();
        Assert.Equal(LocationKind.ExternalFile, report.Location.Kind);
        Assert.Equal((path, line - 1, column - 1), (place.Path, place.StartLinePosition.Line, place.StartLinePosition.Character));
    }

    private static string TextAt(Diagnostic report) => report.Location.SourceTree!.ToString().Substring(report.Location.SourceSpan.Start, report.Location.SourceSpan.Length);
}
