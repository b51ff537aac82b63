using PipelineSdk.Generators.Tests.Diagnostics;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests;

/// <summary>Whatever is half typed, the generator neither throws nor reports an error of its own.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Models => [.. ModelSources.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Half_typed_models_are_no_trouble(string name) => AssertNoTrouble(ModelSources.Read(name), name.Length);

    [Fact]
    public void Half_typed_versions_of_what_is_refused_are_no_trouble()
    {
        for (var i = 0; i < DiagnosticCases.All.Count; i++)
        {
            AssertNoTrouble(Markup.Parse(DiagnosticCases.All[i].Source).Source, i, tries: 4);
        }
    }

    // Cut off at a place, or with a piece missing, or with two pieces exchanged: the places are the same in every run.
    private static void AssertNoTrouble(string source, int seed, int tries = 12)
    {
        var random = new Random(seed);
        var start = source.IndexOf("class", StringComparison.Ordinal);
        var compilation = Generation.Compile(source, ModelSources.Usings);
        for (var i = 0; i < tries; i++)
        {
            var (at, length) = (random.Next(start, source.Length), random.Next(1, 30));
            var rest = Math.Min(source.Length, at + length);
            var broken = (i % 3) switch
            {
                0 => source[..at],
                1 => source[..at] + source[rest..],
                _ => source[..at] + source[at..rest] + source[at..rest] + source[rest..],
            };
            var generation = Generation.Of(compilation.ReplaceSyntaxTree(
                compilation.SyntaxTrees[0],
                compilation.SyntaxTrees[0].WithChangedText(Microsoft.CodeAnalysis.Text.SourceText.From(broken))));
            var result = generation.Driver.GetRunResult().Results.Single();
            Assert.True(result.Exception is null, $"{result.Exception}\n{broken}");
            Assert.DoesNotContain(result.Diagnostics, diagnostic => diagnostic.Id is "PSDK0999" or "CS8785");
        }
    }
}
