using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An array filled on the way down and read backwards on the way up, over three cuts.</summary>
[Pipeline]
public sealed partial class BackwardsArray : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Linear> down = ModuleList(Linear(6, 5), Linear(5, 4), Linear(4, 3));
    [PipelineStage(1)] private readonly Linear bottom = Linear(3, 3);
    [PipelineStage(2)] private readonly ModuleList<Linear> up = ModuleList(Linear(3, 4), Linear(4, 5), Linear(5, 6));
    [PipelineStage(3)] private readonly Linear head = Linear(6, 2);

    public BackwardsArray()
        : base(nameof(BackwardsArray)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var skips = new Tensor[down.Count];
        for (var i = 0; i < skips.Length; i++)
        {
            skips[i] = x;
            x = down[i].forward(x).relu();
        }

        x = bottom.forward(x);
        for (var i = 0; i < skips.Length; i++)
        {
            x = up[i].forward(x).relu_() + skips[^(i + 1)];
        }

        return head.forward(x + skips[0]);
    }
}

internal static partial class Samples
{
    public static CorpusCase BackwardsArray => CorpusCase.Of(() => new BackwardsArray(), n => randn(n, 6), n => randn(n, 2));
}
