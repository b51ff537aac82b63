using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests;

/// <summary>What is generated, for review. The blueprint of few models and the statements of all say everything there is to see.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Blueprints => ["Chain", "SequentialsAndMembers", "SixInputs", "ListOfSkips", "RecordsAndCollections"];

    public static TheoryData<string> Models => [.. ModelSources.Names];

    [Theory]
    [MemberData(nameof(Blueprints))]
    public void The_blueprint_is_as_reviewed(string name) => Match(name, ".Pipeline.g.cs", "Blueprint");

    [Theory]
    [MemberData(nameof(Models))]
    public void The_statements_are_as_reviewed(string name) => Match(name, ".Pipeline.Forward.g.cs", "Forward");

    [Theory]
    [MemberData(nameof(Models))]
    public void Two_runs_yield_the_same_text_with_plain_line_ends(string name)
    {
        var first = Generate(name).Files;
        Assert.Equal(first.OrderBy(file => file.Key), Generate(name).Files.OrderBy(file => file.Key));
        Assert.All(first.Values, text => Assert.DoesNotContain('\r', text));
        Assert.All(first.Values, text => Assert.EndsWith("}\n", text, StringComparison.Ordinal));
    }

    private static void Match(string model, string suffix, string kind)
        => Snapshot.Match(Assert.Single(Generate(model).Files, file => file.Key.EndsWith(suffix, StringComparison.Ordinal)).Value, $"{model}.{kind}");

    private static Generation Generate(string name) => Generation.Of(ModelSources.Read(name), ModelSources.Usings);
}
