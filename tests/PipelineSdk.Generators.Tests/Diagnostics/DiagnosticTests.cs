using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>What can't be cut is refused where it stands, with one message and no other error.</summary>
public sealed class DiagnosticTests
{
    public static TheoryData<string> Names => [.. DiagnosticCases.All.Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_reported_at_the_offending_place_and_causes_no_other_error(string name)
    {
        var markup = Markup.Parse(DiagnosticCases.All.Single(item => item.Name == name).Source);
        var generation = Generation.Of(markup.Source);

        var actual = generation.Reported.Select(diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan))
            .OrderBy(item => item.SourceSpan.Start);
        Assert.Equal(markup.Expected.OrderBy(item => item.Span.Start), actual);
        Assert.All(generation.Reported, diagnostic => Assert.Equal(LocationKind.SourceFile, diagnostic.Location.Kind));
        Assert.DoesNotContain(
            generation.Output.GetDiagnostics(),
            diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    [Fact]
    public void A_pragma_suppresses_a_warning()
    {
        var markup = Markup.Parse(DiagnosticCases.All.Single(item => item.Name.StartsWith("a stage attribute outside", StringComparison.Ordinal)).Source);
        Assert.Equal(2, Generation.Of(markup.Source).Reported.Length);
        Assert.Empty(Generation.Of("#pragma warning disable PSDK0014\n" + markup.Source).Reported);
    }

    [Fact]
    public void Needs_a_language_with_static_abstract_members()
    {
        var source = """
            using TorchSharp;
            [PipelineSdk.Pipeline]
            public partial class Sample : torch.nn.Module<torch.Tensor, torch.Tensor>
            {
                public Sample() : base("sample") { }
                public override torch.Tensor forward(torch.Tensor x) => x;
            }
            """;
        var reported = Assert.Single(Generation.Of(Generation.Compile(LanguageVersion.CSharp10, source)).Reported);
        Assert.Equal("PSDK0011", reported.Id);
        Assert.Contains("C# 10", reported.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_name_the_member_the_stages_and_the_way_out()
    {
        var source = DiagnosticCases.All.Single(item => item.Name == "a cut inside an if").Source;
        var message = Assert.Single(Generation.Of(Markup.Parse(source).Source).Reported).GetMessage(null);
        Assert.Equal(
            "'b' belongs to stage 1 and 'c' to stage 2, but both stand in an if statement, which can't be divided: "
            + "move everything in it that belongs to a stage into one stage",
            message);
    }
}
