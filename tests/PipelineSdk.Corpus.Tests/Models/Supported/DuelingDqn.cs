using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Value and advantage heads, in a stage each, joined to the action values at the end.</summary>
[Pipeline]
public sealed partial class DuelingDqn : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d c1 = Conv2d(4, 6, 3, stride: 2);
    [PipelineStage(0)] private readonly Conv2d c2 = Conv2d(6, 6, 2);
    [PipelineStage(1)] private readonly Sequential value_stream = Sequential(Linear(6 * 2 * 2, 8), ReLU(), Linear(8, 1));
    [PipelineStage(2)] private readonly Sequential advantage_stream = Sequential(Linear(6 * 2 * 2, 8), ReLU(), Linear(8, 4));

    public DuelingDqn()
        : base(nameof(DuelingDqn)) => RegisterComponents();

    public override Tensor forward(Tensor state)
    {
        using (var t = state / 255.0f)
        {
            state = functional.relu(c1.forward(t));
        }

        state = functional.relu(c2.forward(state));
        var features = state.view(state.size(0), -1);
        var values = value_stream.forward(features);
        var advantages = advantage_stream.forward(features);
        return values + (advantages - advantages.mean([1], keepdim: true));
    }
}

internal static partial class Samples
{
    public static CorpusCase DuelingDqn => CorpusCase.Of(
        () => new DuelingDqn(),
        n => randint(0, 256, [n, 4, 8, 8]).to(float32),
        n => randn(n, 4),
        (r, y) => functional.smooth_l1_loss(r, y));
}
