using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The output layer uses the embedding's weight: one parameter, two stages.</summary>
[Pipeline]
public sealed partial class TiedWeights : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding wte = Embedding(9, 6);
    [PipelineStage(1)] private readonly Linear body = Linear(6, 6);

    public TiedWeights()
        : base(nameof(TiedWeights)) => RegisterComponents();

    public override Tensor forward(Tensor tokens)
    {
        var h = wte.forward(tokens);
        h = functional.gelu(body.forward(h));
        return functional.linear(h, wte.weight!); // PSDK0005: wte
    }
}
