using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An own parameter without an attribute, read on both sides of a cut.</summary>
[Pipeline]
public sealed partial class TiedParameter : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
    private readonly Parameter scale = Parameter(ones(4));

    public TiedParameter()
        : base(nameof(TiedParameter)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = a.forward(x) * scale;
        x = b.forward(x);
        return x * scale; // PSDK0005: scale
    }
}
