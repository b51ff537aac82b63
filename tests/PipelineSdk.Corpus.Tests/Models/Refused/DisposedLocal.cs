using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A local that is disposed with its stage is needed after the cut.</summary>
[Pipeline]
public sealed partial class DisposedLocal : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public DisposedLocal()
        : base(nameof(DisposedLocal)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var h = a.forward(x);
        using var r = functional.relu(h);
        return b.forward(r) + x; // PSDK0009: r
    }
}
