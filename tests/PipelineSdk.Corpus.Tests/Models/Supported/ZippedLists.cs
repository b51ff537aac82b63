using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Two lists walked together by index: attention and feed-forward, as in many ports of the first Transformer code.</summary>
[Pipeline]
public sealed partial class ZippedLists : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear enter = Linear(4, 8);
    [PipelineStages(1, 2)] private readonly ModuleList<EncoderLayer> attentions;
    [PipelineStages(1, 2)] private readonly ModuleList<Sequential> feedForwards;
    [PipelineStage(1)] private readonly Linear leave = Linear(8, 2);

    public ZippedLists()
        : base(nameof(ZippedLists))
    {
        attentions = ModuleList(new EncoderLayer(8, 2), new EncoderLayer(8, 2), new EncoderLayer(8, 2));
        feedForwards = ModuleList(FeedForward(), FeedForward(), FeedForward());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = enter.forward(x);
        for (var i = 0; i < attentions.Count; i++)
        {
            x = attentions[i].forward(x, null) + x;
            x = feedForwards[i].forward(x) + x;
        }

        return leave.forward(x.mean([1]));
    }

    private static Sequential FeedForward() => Sequential(Linear(8, 12), ReLU(), Linear(12, 8));
}

internal static partial class Samples
{
    public static CorpusCase ZippedLists => CorpusCase.Of(() => new ZippedLists(), n => randn(n, 3, 4), n => randn(n, 2));
}
