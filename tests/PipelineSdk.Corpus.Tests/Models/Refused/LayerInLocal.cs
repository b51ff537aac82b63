using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A layer chosen before the cut and called after it.</summary>
[Pipeline]
public sealed partial class LayerInLocal : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(0)] private readonly Linear c = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public LayerInLocal()
        : base(nameof(LayerInLocal)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Module<Tensor, Tensor> activation = x.shape[0] > 1 ? a : c;
        x = b.forward(x);
        return activation.forward(x); // PSDK0009: activation
    }
}
