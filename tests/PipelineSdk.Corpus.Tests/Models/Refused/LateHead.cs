using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The head is replaced for another task after the constructor has registered the layers.</summary>
[Pipeline]
public sealed partial class LateHead : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear body = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear head;

    public LateHead(int classes)
        : base(nameof(LateHead))
    {
        RegisterComponents();
        head = Linear(6, classes); // PSDK0022: head = Linear(6, classes)
        init.zeros_(head.bias!);
    }

    public override Tensor forward(Tensor x) => head.forward(functional.relu(body.forward(x)));
}
