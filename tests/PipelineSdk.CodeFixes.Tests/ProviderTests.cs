using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Providers;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>What holds for every code fix.</summary>
public sealed class ProviderTests
{
    private static readonly string[] Fixable = ["PSDK0001", "PSDK0004", "PSDK0014", "PSDK0015", "PSDK0016", "PSDK0017", "PSDK0025", "PSDK0031"];

    [Fact]
    public void One_provider_for_each_diagnostic_that_can_be_repaired()
        => Assert.Equal(Fixable, Editor.Providers.Select(provider => Assert.Single(provider.FixableDiagnosticIds)).Order(StringComparer.Ordinal));

    [Fact]
    public void The_pages_that_speak_of_a_code_fix_are_those_of_the_diagnostics_that_have_one()
        => Assert.Equal(
            Fixable,
            Directory.GetFiles(Repository.Folder("docs/diagnostics"), "PSDK*.md")
                .Where(page => File.ReadAllLines(page).Any(line => line.StartsWith("Code fix: ", StringComparison.Ordinal)))
                .Select(Path.GetFileNameWithoutExtension)
                .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_provider_is_exported()
        => Assert.Equal(
            typeof(RemedyProvider).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(CodeFixProvider)) && !type.IsAbstract),
            Editor.Providers.Count);

    [Fact]
    public void Every_provider_repairs_documents_projects_and_solutions()
        => Assert.All(Editor.Providers, provider => Assert.Equal(
            [FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution],
            provider.GetFixAllProvider().GetSupportedFixAllScopes().Order()));

    [Fact]
    public void Remedies_of_one_diagnostic_are_told_apart()
        => Assert.All(Editor.Providers, provider => Assert.Equal(
            provider.Remedies.Count, provider.Remedies.Select(remedy => remedy.Summary).Distinct().Count()));

    [Fact]
    public void Needs_nothing_that_the_oldest_supported_editor_lacks()
    {
        var needed = typeof(RemedyProvider).Assembly.GetReferencedAssemblies().ToDictionary(name => name.Name!, name => name.Version!);
        Assert.Equal(
            [
                "Microsoft.CodeAnalysis",
                "Microsoft.CodeAnalysis.CSharp",
                "Microsoft.CodeAnalysis.Workspaces",
                "PipelineSdk.Generators",
                "System.Collections.Immutable",
                "netstandard",
            ],
            needed.Keys.Order(StringComparer.Ordinal));
        Assert.All(
            needed.Where(name => name.Key.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            name => Assert.True(name.Value <= new Version(4, 8, 0, 0), $"{name.Key} {name.Value}"));
        Assert.True(needed["System.Collections.Immutable"] <= new Version(7, 0, 0, 0));
    }
}
