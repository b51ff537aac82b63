using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A helper lambda made before the cut keeps a variable of its stage.</summary>
[Pipeline]
public sealed partial class CapturingLambda : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public CapturingLambda()
        : base(nameof(CapturingLambda)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var batch = x.shape[0];
        Func<Tensor, Tensor> flat = t => t.view(batch, -1);
        var h = flat(first.forward(x));
        return flat(second.forward(h)); // PSDK0009: flat
    }
}
