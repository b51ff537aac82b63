using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests;

/// <summary>A debugger that stops in a segment shows the user's own line.</summary>
public sealed class LineMappingTests
{
    public static TheoryData<string> Models => [.. ModelSources.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_statement_maps_to_the_start_of_the_statement_or_expression_it_came_from(string name)
    {
        var source = ModelSources.Read(name);
        var generation = Generation.Of(source, ModelSources.Usings);
        var original = generation.Input.SyntaxTrees[0];
        var starts = original.GetRoot().DescendantNodes().Where(node => node is StatementSyntax or ExpressionSyntax or VariableDeclaratorSyntax)
            .Select(node => node.GetLocation().GetLineSpan().StartLinePosition).ToHashSet();
        var statements = Segments(generation).SelectMany(method => method.Body!.Statements)
            .Where(statement => statement.GetLocation().GetMappedLineSpan().HasMappedPath).ToList();

        Assert.NotEmpty(statements);
        Assert.All(statements, statement =>
        {
            var mapped = statement.GetLocation().GetMappedLineSpan();
            Assert.Equal("Model.cs", mapped.Path);
            Assert.Contains(mapped.StartLinePosition, starts);
        });
    }

    [Theory]
    [InlineData("Chain")]
    [InlineData("ControlFlow")]
    [InlineData("LongSkip")]
    [InlineData("Containers")]
    public void Every_token_of_a_statement_maps_to_itself(string name)
    {
        var generation = Generation.Of(ModelSources.Read(name), ModelSources.Usings);
        var text = generation.Input.SyntaxTrees[0].GetText();
        foreach (var token in Segments(generation).SelectMany(method => method.Body!.Statements).SelectMany(statement => statement.DescendantTokens().Skip(1)))
        {
            var mapped = token.GetLocation().GetMappedLineSpan();
            if (mapped.HasMappedPath) Assert.Equal(token.Text, text.ToString(text.Lines.GetTextSpan(mapped.Span)));
        }
    }

    [Fact]
    public void What_is_not_the_users_is_hidden_from_the_debugger()
    {
        var generation = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings);
        foreach (var method in Segments(generation))
        {
            var tree = method.SyntaxTree;
            Assert.Equal(LineVisibility.Hidden, tree.GetLineVisibility(method.Body!.OpenBraceToken.SpanStart));
            Assert.Equal(LineVisibility.Hidden, tree.GetLineVisibility(method.Body.CloseBraceToken.SpanStart));
        }
    }

    private static IEnumerable<MethodDeclarationSyntax> Segments(Generation generation) => generation.Output.SyntaxTrees
        .Where(tree => tree.FilePath.EndsWith(".Forward.g.cs", StringComparison.Ordinal))
        .SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>());
}
