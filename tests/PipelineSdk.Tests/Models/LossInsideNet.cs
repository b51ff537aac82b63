using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Gets its targets as an input, which passes through the first stage unused, and computes the loss itself.</summary>
[Pipeline]
public sealed partial class LossInsideNet : Module<Tensor, Tensor, (Tensor Logits, Tensor Loss)>
{
    [PipelineStage(0)] private readonly Embedding embedding = Embedding(7, 5);
    [PipelineStage(1)] private readonly Linear head = Linear(5, 7);

    public LossInsideNet() : base(nameof(LossInsideNet)) => RegisterComponents();

    public override (Tensor Logits, Tensor Loss) forward(Tensor tokens, Tensor targets)
    {
        var h = embedding.call(tokens);
        var logits = head.call(h);
        return (logits, functional.cross_entropy(logits, targets));
    }
}
