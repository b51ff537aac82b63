using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests;

/// <summary>Classes of one name do not get in each other's way.</summary>
public sealed class NamingTests
{
    [Fact]
    public void Every_class_has_files_of_its_own()
    {
        static string Net(string header) => $$"""
            [PipelineSdk.Pipeline]
            public partial class {{header}} : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>
            {
                public Net() : base("net") { }
                public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;
            }
            """;
        var generation = Generation.Of($$"""
            {{Net("Net")}}
            {{Net("Net<T>")}}
            namespace A { {{Net("Net")}} }
            namespace A.B { {{Net("Net")}} }
            namespace A
            {
                public partial class Outer { {{Net("Net")}} }
                public partial class Outer<T> { {{Net("Net")}} {{Net("Net<T1, T2>")}} }
            }
            """);
        Assert.Equal(
            ["A.B.Net", "A.Net", "A.Outer+Net", "A.Outer`1+Net", "A.Outer`1+Net`2", "Net", "Net`1"],
            generation.Files.Keys.Where(name => name.EndsWith(".Forward.g.cs", StringComparison.Ordinal))
                .Select(name => name.Replace(".Pipeline.Forward.g.cs", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(generation.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(generation.Reported);
    }

    [Fact]
    public void The_attribute_on_two_parts_generates_once()
    {
        var generation = Generation.Of("""
            [PipelineSdk.Pipeline]
            public partial class Net : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>
            {
                public Net() : base("net") { }
                public override TorchSharp.torch.Tensor forward(TorchSharp.torch.Tensor x) => x;
            }

            [PipelineSdk.Pipeline]
            public partial class Net { }
            """);
        Assert.Equal(2, generation.Files.Count);
        Assert.Equal("CS0579", Assert.Single(generation.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Id);
    }

    [Fact]
    public void The_parts_may_stand_in_namespaces_written_differently()
    {
        var generation = Generation.Of(
            "namespace A.B; [PipelineSdk.Pipeline] public partial class Net : TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;",
            """
            namespace A
            {
                using Tensor = TorchSharp.torch.Tensor;
                namespace B
                {
                    using static TorchSharp.torch.nn;
                    partial class Net
                    {
                        [PipelineSdk.PipelineStage(0)] private readonly TorchSharp.Modules.Linear a = Linear(1, 1);
                        [PipelineSdk.PipelineStage(1)] private readonly TorchSharp.Modules.Linear b = Linear(1, 1);
                        public Net() : base("net") { }
                        public override Tensor forward(Tensor x) => b.forward(functional.relu(a.forward(x)));
                    }
                }
            }
            """);
        Assert.Empty(generation.Reported);
        Assert.DoesNotContain(generation.Output.GetDiagnostics(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }
}
