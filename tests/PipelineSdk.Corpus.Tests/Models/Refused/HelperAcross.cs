using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A helper method that calls the layers of two stages.</summary>
[Pipeline]
public sealed partial class HelperAcross : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear stem = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear left = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear right = Linear(4, 4);

    public HelperAcross()
        : base(nameof(HelperAcross)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = stem.forward(x);
        return Decode(x); // PSDK0007: Decode
    }

    private Tensor Decode(Tensor x) => right.forward(functional.relu(left.forward(x)));
}
