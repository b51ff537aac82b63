using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Temporaries declared with using, one of them needed after the cut.</summary>
[Pipeline]
public sealed partial class UsingTemporaries : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public UsingTemporaries()
        : base(nameof(UsingTemporaries)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var h = a.forward(x);
        using var r = functional.relu(h);
        return b.forward(r) + x;
    }
}

internal static partial class Samples
{
    public static CorpusCase UsingTemporaries => CorpusCase.Of(() => new UsingTemporaries(), n => randn(n, 4), n => randn(n, 4));
}
