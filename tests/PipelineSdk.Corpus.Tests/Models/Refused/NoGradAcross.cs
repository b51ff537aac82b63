using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A frozen backbone and a trained head under one gradient guard that spans the cut.</summary>
[Pipeline]
public sealed partial class NoGradAcross : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear backbone = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear head = Linear(4, 2);

    public NoGradAcross()
        : base(nameof(NoGradAcross)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var guard = no_grad(); // PSDK0010: guard = no_grad()
        x = backbone.forward(x);
        return head.forward(x);
    }
}
