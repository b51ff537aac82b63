using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A classifier that leaves early where the first head is sure.</summary>
[Pipeline]
public sealed partial class EarlyExit : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear body1 = Linear(4, 6);
    [PipelineStage(0)] private readonly Linear exit1 = Linear(6, 2);
    [PipelineStage(1)] private readonly Linear body2 = Linear(6, 6);
    [PipelineStage(1)] private readonly Linear exit2 = Linear(6, 2);

    public EarlyExit()
        : base(nameof(EarlyExit)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(body1.forward(x));
        var early = exit1.forward(x);
        if (!training && early.softmax(-1).max().ToSingle() > 0.9f)
            return early; // PSDK0008: return early;

        x = functional.relu(body2.forward(x));
        return exit2.forward(x);
    }
}
