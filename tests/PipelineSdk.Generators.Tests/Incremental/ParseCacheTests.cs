using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Incremental;

/// <summary>What is known of a class is kept only as long as it holds: after any edit the result is that of a first run.</summary>
public sealed class ParseCacheTests
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using PipelineSdk;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    private const string Model = Usings + """
        [Pipeline]
        public sealed partial class Sample : Base
        {
            [PipelineStages(1, 2)] private readonly ModuleList<Linear> layers = ModuleList(Linear(4, 4), Linear(4, 4), Linear(4, 4));

            public override Tensor forward(Tensor x)
            {
                var kept = new Kept(x, Settings.Scale);
                x = Enter(layers[Settings.First].forward(x));
                x = layers[2].forward(layers[1].forward(x));
                return x + kept.Value;
            }
        }
        """;

    private const string Other = Usings + """
        public abstract class Base : Module<Tensor, Tensor>
        {
            [PipelineStage(0)] protected readonly Linear enter = Linear(4, 4);
            [PipelineStage(1)] protected readonly Linear leave = Linear(4, 4);
            protected Base() : base("base") { }
            protected Tensor Enter(Tensor x) => enter.forward(x);
            private Tensor Unused(Tensor x) => x;
        }

        public sealed class Kept
        {
            public Kept(Tensor value, double scale) { Value = value; Scale = scale; }
            public Tensor Value { get; }
            public double Scale { get; }
        }

        public static class Settings
        {
            public const int First = 0;
            public const double Scale = 2;
            public static int Count() => 1;
        }
        """;

    [Theory]
    [InlineData("x => x;", "x => x;")]
    [InlineData("private Tensor Unused(Tensor x) => x;", "private Tensor Unused(Tensor x) => x + 1;")]
    [InlineData("=> 1;", "=> 2;")]
    [InlineData("Enter(Tensor x) => enter.forward(x)", "Enter(Tensor x) => leave.forward(x)")]
    [InlineData("[PipelineStage(0)] protected readonly Linear enter", "[PipelineStage(1)] protected readonly Linear enter")]
    [InlineData("public const int First = 0;", "public const int First = 1;")]
    [InlineData("Value = value;", "Value = value * 2;")]
    [InlineData("public double Scale { get; }", "public double Scale { get; } = 1; private Tensor? hidden;")]
    [InlineData("public sealed class Kept", "public sealed record Kept")]
    [InlineData("public static class Settings", "internal static class Settings")]
    public void An_edit_in_another_file_leaves_nothing_stale(string before, string after) => AssertAsNew(Model, Other, before, after);

    [Theory]
    [InlineData("return x + kept.Value;", "return x * kept.Value;")]
    [InlineData("[PipelineStages(1, 2)]", "[PipelineStages(2, 1)]")]
    [InlineData("[Pipeline]", "")]
    [InlineData("[Pipeline]", "[Obsolete]")]
    public void An_edit_in_the_class_leaves_nothing_stale(string before, string after) => AssertAsNew(Other, Model, before, after);

    [Fact]
    public void An_attribute_of_the_same_name_is_somebody_elses()
        => Assert.Empty(Sources(Generation.Of("""
            [Pipeline] public partial class Sample { }
            public sealed class PipelineAttribute : System.Attribute { }
            """)));

    [Fact]
    public void The_attribute_may_have_an_alias()
        => Assert.Equal(2, Sources(Generation.Of(
            Other, "global using Cut = PipelineSdk.PipelineAttribute;", Model.Replace("[Pipeline]", "[Cut]", StringComparison.Ordinal))).Count());

    [Fact]
    public void The_class_is_cut() => Assert.Equal(2, Sources(Generation.Of(Model, Other)).Count());

    private static void AssertAsNew(string kept, string edited, string before, string after)
    {
        var next = edited.Replace(before, after, StringComparison.Ordinal);
        var first = Generation.Of(kept, edited);
        var tree = first.Input.SyntaxTrees[1];
        var second = first.Then(first.Input.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(next, (CSharpParseOptions)tree.Options, tree.FilePath)));
        var fresh = Generation.Of(kept, next);
        Assert.Equal(Sources(fresh), Sources(second));
        Assert.Equal(fresh.Reported.Select(Describe), second.Reported.Select(Describe));

        // And back again.
        var third = second.Then(first.Input);
        Assert.Equal(Sources(first), Sources(third));
        Assert.Equal(first.Reported.Select(Describe), third.Reported.Select(Describe));
    }

    private static string Describe(Diagnostic diagnostic) => $"{diagnostic.Location.GetLineSpan()} {diagnostic.GetMessage(null)}";

    private static IEnumerable<string> Sources(Generation generation)
        => generation.Driver.GetRunResult().GeneratedTrees.Select(tree => tree.FilePath + "\n" + tree);
}
