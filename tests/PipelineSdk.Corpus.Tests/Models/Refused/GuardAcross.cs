using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A guard of the user's own that spans the cut.</summary>
[Pipeline]
public sealed partial class GuardAcross : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear backbone = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear head = Linear(4, 2);

    public GuardAcross()
        : base(nameof(GuardAcross)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var watch = new Watch(); // PSDK0010: watch = new Watch()
        x = backbone.forward(x);
        return head.forward(x);
    }

    private sealed class Watch : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
