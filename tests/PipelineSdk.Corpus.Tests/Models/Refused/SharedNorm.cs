using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>One norm, without an attribute, after every layer.</summary>
[Pipeline]
public sealed partial class SharedNorm : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
    private readonly LayerNorm norm = LayerNorm(4);

    public SharedNorm()
        : base(nameof(SharedNorm)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = norm.forward(a.forward(x));
        x = norm.forward(b.forward(x)); // PSDK0005: norm
        return x;
    }
}
