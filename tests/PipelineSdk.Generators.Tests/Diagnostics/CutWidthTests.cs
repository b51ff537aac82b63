using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Tests.Harness;
using PipelineSdk.Generators.Tests.Incremental;
using static Microsoft.CodeAnalysis.IncrementalStepRunReason;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>What each cut carries is reported where the project asks for it.</summary>
public sealed class CutWidthTests
{
    private static readonly (string, string) Asked = ("PipelineSdkReportCuts", "true");

    [Fact]
    public void Every_cut_of_a_model_without_stages_is_reported() => Assert.Equal(
        [
            "Cut 1 after this statement carries 1 tensor (x)",
            "Cut 2 after this statement carries 1 tensor (x)",
            "Cut 3 after this expression carries 1 tensor (reluResult)",
        ],
        Messages("Unpinned"));

    [Fact]
    public void Kinds_of_values_are_counted_apart()
    {
        Assert.Equal(["Cut 1 after this statement carries 2 tensors (mask, h) and 1 value (scale)"], Messages("MaskedInputs"));
        Assert.Contains(Messages("ListOfSkips"), message => message.Contains("1 list (", StringComparison.Ordinal));
    }

    [Fact]
    public void Stands_at_the_statement_before_the_cut()
    {
        var generation = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings).With(Asked);
        Assert.Equal(
            ["Cut 1", "Cut 2", "Cut 3"], generation.Reported.Select(report => report.GetMessage(null)[..5]));
        Assert.All(generation.Reported, report =>
        {
            Assert.Equal(("PSDK0026", DiagnosticSeverity.Info), (report.Id, report.Severity));
            Assert.EndsWith(";", report.Location.SourceTree!.ToString().Substring(report.Location.SourceSpan.Start, report.Location.SourceSpan.Length), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("false")]
    [InlineData("")]
    public void Is_not_reported_unless_asked_for(string value)
        => Assert.Empty(Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings).With(("PipelineSdkReportCuts", value)).Reported);

    [Fact]
    public void Asking_writes_no_source_again()
    {
        var first = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings);
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "New Cached"), RunReasons.Of(first.With(Asked).Driver));
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "Cached"), RunReasons.Of(first.With(("PipelineSdkGenerator", "true")).Driver));
    }

    [Fact]
    public void An_edit_elsewhere_leaves_the_report_cached()
    {
        var first = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings).With(Asked);
        var options = (Microsoft.CodeAnalysis.CSharp.CSharpParseOptions)first.Input.SyntaxTrees[0].Options;
        var second = first.Then(first.Input.AddSyntaxTrees(Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree.ParseText("public class Other { }", options)));
        Assert.Equal(
            first.Reported.Select(report => (report.Location, report.GetMessage(null))),
            second.Reported.Select(report => (report.Location, report.GetMessage(null))));
        Assert.Equal(new RunReasons(Unchanged, Cached, Cached, Cached, "Cached"), RunReasons.Of(second.Driver));
    }

    private static IEnumerable<string> Messages(string model)
        => Generation.Of(ModelSources.Read(model), ModelSources.Usings).With(Asked).Reported.Select(report => report.GetMessage(null));
}
