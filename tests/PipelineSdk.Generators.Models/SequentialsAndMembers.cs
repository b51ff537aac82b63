using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Split Sequentials among pinned members, nested in expressions.</summary>
[Pipeline]
public sealed partial class SequentialsAndMembers : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear stem = Linear(4, 6);
    [PipelineStages(1, 1)] private readonly Sequential encoder = Sequential(Linear(6, 6), ReLU());
    [PipelineStages(1, 2, FirstStage = 1)] private readonly Sequential decoder = Sequential(Linear(6, 6), ReLU(), Linear(6, 6));
    [PipelineStage(2)] private readonly Linear head = Linear(6, 2);

    public SequentialsAndMembers()
        : base(nameof(SequentialsAndMembers)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var h = encoder.call(functional.relu(stem.forward(x))) * 0.5;
        return head.forward(decoder.forward(h + h).flatten(1));
    }
}
