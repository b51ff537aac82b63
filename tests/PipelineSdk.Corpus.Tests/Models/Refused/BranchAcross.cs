using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>One branch runs layers of two stages.</summary>
[Pipeline]
public sealed partial class BranchAcross : Module<Tensor, Tensor>
{
    private readonly bool deep;
    [PipelineStage(0)] private readonly Linear stem = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear one = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear two = Linear(4, 4);

    public BranchAcross(bool deep = true)
        : base(nameof(BranchAcross))
    {
        this.deep = deep;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = stem.forward(x);
        if (deep)
        {
            x = one.forward(x);
            x = two.forward(x); // PSDK0007: two
        }

        return x;
    }
}
