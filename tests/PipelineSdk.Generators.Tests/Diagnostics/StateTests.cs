using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>State that <c>forward</c> keeps in the model, where that is right.</summary>
public sealed class StateTests
{
    [Theory]
    // Used by one stage, however often.
    [InlineData("private int calls;", "x = a.forward(x) * ++calls; x = x / calls; return b.forward(x);")]
    [InlineData("private (double Mean, int Calls) seen;", "x = a.forward(x); seen = (x.mean().ToDouble(), seen.Calls + 1); return b.forward(x);")]
    // Only read.
    [InlineData("private readonly int width = 4; public double Scale { get; set; } = 2;", "x = a.forward(x) * width * Scale; return b.forward(x) / width / Scale;")]
    [InlineData("private readonly int[] sizes = [1, 4];", "x = a.forward(x) * sizes[0]; return b.forward(x).view(-1, sizes[1]);")]
    // A property whose setter forward does not use.
    [InlineData("private int rows; private int Rows { get => rows; set => rows = value; } public void Set(int value) => Rows = value;", "x = a.forward(x) * Rows; return b.forward(x) * Rows;")]
    // Of another object.
    [InlineData("private int calls; private sealed class Other { public int calls; }", "var other = new Other { calls = calls }; other.calls = 2; x = a.forward(x); return b.forward(x) * calls;")]
    public void Is_no_problem(string members, string body)
        => Assert.Empty(Generation.Of(Source("[PipelineStage(0)] ", "[PipelineStage(1)] ", members, body)).Reported);

    [Fact]
    public void Keeps_a_class_without_stages_in_one_segment_as_far_as_it_is_used()
    {
        const string Members = "private int calls; private readonly Linear c = Linear(4, 4);";
        var generation = Generation.Of(Source("", "", Members, "calls++; x = a.forward(x); x = b.forward(x) * calls; return c.forward(x);"));
        Assert.Empty(generation.Reported);
        var blueprint = generation.Files["Sample.Pipeline.g.cs"];
        Assert.Contains("Name => \"a, b\"", blueprint, StringComparison.Ordinal);
        Assert.Contains("Name => \"c\"", blueprint, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_named_with_both_stages_the_helper_and_the_way_out() => Assert.Equal(
        "'rows' is read by 'Rows' here in stage 1 and written in stage 0; the stages run at the same time, each at another micro-batch: "
        + "hand the value on in a local variable, or keep all uses of 'rows' in one stage",
        Assert.Single(Generation.Of(Source(
            "[PipelineStage(0)] ",
            "[PipelineStage(1)] ",
            "private long rows; private long Rows => rows;",
            "rows = x.shape[0]; x = a.forward(x); return b.forward(x) * Rows;")).Reported).GetMessage(null));

    private static string Source(string first, string second, string members, string body) => $$"""
        using PipelineSdk;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        [Pipeline]
        public sealed partial class Sample : Module<Tensor, Tensor>
        {
            {{first}}private readonly Linear a = Linear(4, 4);
            {{second}}private readonly Linear b = Linear(4, 4);
            {{members}}
            public Sample() : base("sample") => RegisterComponents();
            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;
}
