using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>Dropout in more stages than one.</summary>
public sealed class RandomMasksTests
{
    [Theory]
    // One stage draws.
    [InlineData("drop.forward(b.forward(drop.forward(functional.dropout(b.forward(a.forward(x))))))", 0)]
    // The other surely does not.
    [InlineData("drop.forward(b.forward(functional.dropout(a.forward(x), 0.1, false)))", 0)]
    [InlineData("drop.forward(b.forward(functional.dropout(a.forward(x), training: false)))", 0)]
    [InlineData("drop.forward(b.forward(functional.scaled_dot_product_attention(a.forward(x), x, x)))", 0)]
    // The other draws.
    [InlineData("drop.forward(b.forward(functional.dropout(a.forward(x))))", 1)]
    [InlineData("drop.forward(b.forward(functional.dropout2d(a.forward(x), 0.1, training)))", 1)]
    [InlineData("drop.forward(b.forward(functional.scaled_dot_product_attention(a.forward(x), x, x, p: 0.1)))", 1)]
    public void Is_reported_where_several_stages_draw(string forward, int count)
    {
        var reported = Generation.Of($$"""
            using PipelineSdk;
            using TorchSharp.Modules;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;

            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
                [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
                [PipelineStage(1)] private readonly Dropout drop = Dropout(0.1);
                public Sample() : base("sample") => RegisterComponents();
                public override Tensor forward(Tensor x) => {{forward}};
            }
            """).Reported;
        Assert.Equal(Enumerable.Repeat("PSDK0023", count), reported.Select(diagnostic => diagnostic.Id));
    }
}
