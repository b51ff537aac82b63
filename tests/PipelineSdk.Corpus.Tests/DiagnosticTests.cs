using Microsoft.CodeAnalysis;

namespace PipelineSdk.Corpus.Tests;

/// <summary>What is wrong with a model is reported where the reason stands, with one message and no other error.</summary>
public sealed class DiagnosticTests
{
    /// <summary>Folder and file of every model that the generator refuses: for good, or until it learns more.</summary>
    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var folder in new[] { CorpusSources.Refused, CorpusSources.Pending })
        {
            foreach (var name in CorpusSources.In(folder)) rows.Add(folder, name);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Is_reported_at_the_announced_place_and_causes_no_other_error(string folder, string name)
    {
        var source = CorpusSources.ReadModel(folder, name);
        var expected = ExpectedDiagnostic.AnnouncedIn(source);
        Assert.NotEmpty(expected);

        var generation = Generation.Of(source);

        Assert.Equal(Sorted(expected), Sorted(generation.Reported.Select(ExpectedDiagnostic.Of)));
        Assert.Empty(generation.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public void Supported_models_cause_no_warning() => Assert.All(CorpusSources.In(CorpusSources.Supported), name =>
    {
        var generation = Generation.Of(CorpusSources.ReadModel(CorpusSources.Supported, name));
        Assert.Empty(generation.Errors.Select(error => error.ToString()));
        Assert.Empty(generation.Reported.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(ExpectedDiagnostic.Of));
    });

    private static IEnumerable<ExpectedDiagnostic> Sorted(IEnumerable<ExpectedDiagnostic> diagnostics)
        => diagnostics.OrderBy(item => item.Line).ThenBy(item => item.Id, StringComparer.Ordinal);
}
