using System.Reflection;
using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>Every diagnostic has a page, a link to it, a row in the release notes and a test.</summary>
public sealed class CatalogueTests
{
    private static readonly string[] Sections = ["## Cause", "## Example", "## How to fix", "## How to suppress"];

    // Reported by tests of their own.
    private static readonly string[] TestedElsewhere = ["PSDK0011", "PSDK0026", "PSDK0028", "PSDK0029", "PSDK0031", "PSDK0999"];

    private static IReadOnlyList<DiagnosticDescriptor> All => [.. typeof(DiagnosticCatalogue)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(entry => entry.GetValue(null)).OfType<DiagnosticDescriptor>()];

    public static TheoryData<string> Ids => [.. All.Select(descriptor => descriptor.Id)];

    [Fact]
    public void Ids_are_unique_and_of_one_form()
    {
        Assert.Equal(All.Count, All.Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(All, descriptor => Assert.Matches("^PSDK[0-9]{4}$", descriptor.Id));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Has_a_page_a_link_a_row_and_a_test(string id)
    {
        var descriptor = All.Single(item => item.Id == id);
        Assert.EndsWith($"/docs/diagnostics/{id}.md", descriptor.HelpLinkUri, StringComparison.Ordinal);

        var page = Repository.Read("docs/diagnostics", id + ".md");
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        Assert.All(Sections, section => Assert.Contains(section + "\n", page, StringComparison.Ordinal));
        Assert.Contains($"[{id}]({id}.md)", Repository.Read("docs/diagnostics", "README.md"), StringComparison.Ordinal);

        var rows = Repository.Read("generators/PipelineSdk.Generators", "AnalyzerReleases.Unshipped.md")
            + Repository.Read("generators/PipelineSdk.Generators", "AnalyzerReleases.Shipped.md");
        Assert.Contains(
            rows.Split('\n'),
            row => row.Split('|').Select(cell => cell.Trim()).ToArray() is [var first, _, var severity, _]
                && first == id && severity == descriptor.DefaultSeverity.ToString());

        if (TestedElsewhere.Contains(id)) return;
        Assert.Contains(DiagnosticCases.All, item => Markup.Parse(item.Source).Expected.Any(expected => expected.Id == id));
    }
}
