using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A gate in one stage weighs the experts of two others.</summary>
[Pipeline]
public sealed partial class MixtureOfExperts : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear stem;
    [PipelineStage(0)] private readonly Linear gate;
    [PipelineStage(1)] private readonly Sequential expert0;
    [PipelineStage(1)] private readonly Sequential expert1;
    [PipelineStage(2)] private readonly Sequential expert2;
    [PipelineStage(3)] private readonly Linear head;

    public MixtureOfExperts(int width = 6)
        : base(nameof(MixtureOfExperts))
    {
        stem = Linear(4, width);
        gate = Linear(width, 3);
        expert0 = Expert(width);
        expert1 = Expert(width);
        expert2 = Expert(width);
        head = Linear(width, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var h = stem.forward(x);
        var weights = functional.softmax(gate.forward(h), dim: -1);
        var parts = new List<Tensor>
        {
            expert0.forward(h),
            expert1.forward(h),
        };
        parts.Add(expert2.forward(h));
        var mixed = (stack(parts, dim: 1) * weights.unsqueeze(-1)).sum(1);
        return head.forward(mixed + h);
    }

    private static Sequential Expert(long width) => Sequential(Linear(width, 2 * width), GELU(), Linear(2 * width, width));
}

internal static partial class Samples
{
    public static CorpusCase MixtureOfExperts => CorpusCase.Of(() => new MixtureOfExperts(), n => randn(n, 4), n => randn(n, 2));
}
