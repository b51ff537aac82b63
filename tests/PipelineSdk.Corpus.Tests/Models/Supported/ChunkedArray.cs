using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An array of tensors, made by chunk in one stage and used in another.</summary>
[Pipeline]
public sealed partial class ChunkedArray : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear qkv = Linear(6, 18);
    [PipelineStage(1)] private readonly Linear mix = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear proj = Linear(6, 2);

    public ChunkedArray()
        : base(nameof(ChunkedArray)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var parts = qkv.forward(x).chunk(3, -1);
        var scores = functional.softmax(mix.forward(parts[0]).matmul(parts[1].transpose(-1, -2)), -1);
        return proj.forward(scores.matmul(parts[2]));
    }
}

internal static partial class Samples
{
    public static CorpusCase ChunkedArray => CorpusCase.Of(() => new ChunkedArray(), n => randn(n, 3, 6), n => randn(n, 3, 2));
}
