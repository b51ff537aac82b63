using Microsoft.CodeAnalysis.Diagnostics;
using PipelineSdk.Generators.Analyzers;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Analyzers;

/// <summary>Layers that the pipeline reaches by hooks, and <c>forward</c>, which runs none.</summary>
public sealed class RunWithForwardTests
{
    [Theory]
    [InlineData("b.call(act.forward(a.call(x)))", null)]
    [InlineData("many.forward(block.forward(functional.relu(x)))", null)]
    [InlineData("conv.call(a.call(x)) + forwarding.forward(x)", null)]
    [InlineData("b.forward(act.forward(a.forward(x)))", "b")]
    [InlineData("b.call(conv.forward(x))", "conv")]
    [InlineData("norm.call(functional.relu(this.norm.forward(x)))", "this.norm")]
    [InlineData("new[] { b }[0].call(drop.forward(x))", "drop")]
    public async Task Are_told_of_once_per_class_at_the_first(string forward, string? layer)
    {
        var source = $$"""
            using PipelineSdk;
            using TorchSharp.Modules;
            using static TorchSharp.torch;
            using static TorchSharp.torch.nn;

            public sealed class Block() : Module<Tensor, Tensor>("block")
            {
                public override Tensor forward(Tensor x) => x;
            }

            // No pipeline: its hooks are nobody's.
            public sealed class Plain() : Module<Tensor, Tensor>("plain")
            {
                private readonly Linear a = Linear(4, 4);
                public override Tensor forward(Tensor x) => a.forward(x);
            }

            public sealed class Forwarding
            {
                public Tensor forward(Tensor x) => x;
            }

            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                private readonly Linear a = Linear(4, 4), b = Linear(4, 4);
                private readonly Conv2d conv = Conv2d(1, 1, 1);
                private readonly BatchNorm2d norm = BatchNorm2d(1);
                private readonly Dropout drop = Dropout(0.1);
                private readonly ReLU act = ReLU();
                private readonly Sequential many = Sequential(Linear(4, 4));
                private readonly Block block = new();
                private readonly Forwarding forwarding = new();
                public Sample() : base("sample") => RegisterComponents();
                public override Tensor forward(Tensor x) => {{forward}};
            }
            """;
        var found = await Generation.Compile(source).WithAnalyzers([new RunWithForwardAnalyzer()]).GetAnalyzerDiagnosticsAsync();
        if (layer is null)
        {
            Assert.Empty(found);
            return;
        }

        var reported = Assert.Single(found);
        Assert.Equal("forward", source.Substring(reported.Location.SourceSpan.Start, reported.Location.SourceSpan.Length));
        Assert.Equal(source.IndexOf(layer + ".forward(", StringComparison.Ordinal) + layer.Length + 1, reported.Location.SourceSpan.Start);
        Assert.StartsWith($"'{layer}' is run with forward", reported.GetMessage(null), StringComparison.Ordinal);
    }
}
