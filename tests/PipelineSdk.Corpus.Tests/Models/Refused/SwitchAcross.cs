using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A switch on a setting whose cases use layers of different stages.</summary>
[Pipeline]
public sealed partial class SwitchAcross : Module<Tensor, Tensor>
{
    private readonly string head;
    [PipelineStage(0)] private readonly Linear stem = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear linear = Linear(4, 2);
    [PipelineStage(2)] private readonly Sequential mlp = Sequential(Linear(4, 4), ReLU(), Linear(4, 2));

    public SwitchAcross(string head = "mlp")
        : base(nameof(SwitchAcross))
    {
        this.head = head;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = stem.forward(x);
        switch (head)
        {
            case "linear":
                return linear.forward(x);
            case "mlp":
                return mlp.forward(x); // PSDK0007: mlp
            default:
                throw new InvalidOperationException(head);
        }
    }
}
