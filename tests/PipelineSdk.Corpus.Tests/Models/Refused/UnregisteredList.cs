using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The blocks lie in a list, which TorchSharp does not look into: they would never be trained.</summary>
[Pipeline]
public sealed partial class UnregisteredList : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear embed = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear head = Linear(6, 2);
    private readonly List<Module<Tensor, Tensor>> blocks; // PSDK0021: blocks // PSDK0025: blocks

    public UnregisteredList(int depth)
        : base(nameof(UnregisteredList))
    {
        blocks = new List<Module<Tensor, Tensor>>();
        for (var i = 0; i < depth; i++) blocks.Add(Sequential(Linear(6, 6), ReLU()));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = embed.forward(x);
        foreach (var block in blocks) x = x + block.call(x);
        return head.forward(x);
    }
}
