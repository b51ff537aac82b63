using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Incremental;

/// <summary>The models that are cached compare by value and hold nothing of the compiler's.</summary>
public sealed class ModelTests
{
    private static readonly Type[] Banned =
        [typeof(ISymbol), typeof(SyntaxNode), typeof(SyntaxTree), typeof(SyntaxToken), typeof(SyntaxTrivia), typeof(Compilation), typeof(SemanticModel), typeof(Location), typeof(Diagnostic)];

    public static TheoryData<string> Models => [.. ModelSources.Names];

    [Theory]
    [MemberData(nameof(Models))]
    public void The_same_source_yields_equal_models(string name)
    {
        var (first, second) = (Parse(ModelSources.Read(name)), Parse(ModelSources.Read(name)));
        Assert.NotNull(first.Model);
        Assert.NotNull(first.Forward);
        Assert.NotSame(first.Model, second.Model);
        Assert.Equal(first.Model, second.Model);
        Assert.Equal(first.Model!.GetHashCode(), second.Model!.GetHashCode());
        Assert.Equal(first.Forward, second.Forward);
        Assert.Equal(first.Forward!.GetHashCode(), second.Forward!.GetHashCode());
    }

    [Theory]
    [InlineData("// a remark\n", "")]
    [InlineData("", "\n\n// a remark\n")]
    public void Insignificant_edits_leave_the_cuts_equal(string before, string after)
    {
        var source = ModelSources.Read("Chain");
        Assert.Equal(Parse(source).Model, Parse(before + source + after).Model);
    }

    [Theory]
    [InlineData("PipelineStage(2)", "PipelineStage(1)")]
    [InlineData("third", "last")]
    [InlineData("forward(Tensor x)", "forward(Tensor? x)")]
    [InlineData("class Chain", "class Chains")]
    public void Significant_edits_make_the_cuts_unequal(string old, string replacement)
    {
        var source = ModelSources.Read("Chain");
        Assert.NotEqual(Parse(source).Model, Parse(source.Replace(old, replacement, StringComparison.Ordinal)).Model);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Nothing_of_the_compiler_is_reachable_from_a_cached_model(string name)
    {
        var result = Parse(ModelSources.Read(name));
        AssertClean(result.Model, "Model", []);
        AssertClean(result.Forward, "Forward", []);
    }

    [Fact]
    public void The_search_for_what_is_banned_finds_derived_types()
        => Assert.Throws<Xunit.Sdk.FailException>(() => AssertClean(new[] { (object)Location.None }, "sample", []));

    private static void AssertClean(object? value, string path, HashSet<object> seen)
    {
        if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum) return;
        if (!value.GetType().IsValueType && !seen.Add(value)) return;
        if (Banned.Any(type => type.IsInstanceOfType(value))) Assert.Fail($"{path} is a {value.GetType()}");
        if (value is IEnumerable items)
        {
            foreach (var item in items) AssertClean(item, path + "[]", seen);
        }

        for (var type = value.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                AssertClean(field.GetValue(value), $"{path}.{field.Name}", seen);
            }
        }
    }

    private static ParseResult Parse(string source)
        => (ParseResult)Generation.Of(source, ModelSources.Usings).Driver.GetRunResult().Results.Single()
            .TrackedSteps[TrackingNames.Parsed].Single().Outputs.Single().Value;
}
