using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Refinement by the same two layers in turn, each pinned to its own stage.</summary>
[Pipeline]
public sealed partial class RecurrentAcross : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear propose = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear refine = Linear(4, 4);

    public RecurrentAcross()
        : base(nameof(RecurrentAcross)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        for (var i = 0; i < 3; i++)
        {
            x = propose.forward(x);
            x = refine.forward(x); // PSDK0007: refine
        }

        return x;
    }
}
