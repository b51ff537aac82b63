using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Counts its calls in a field: the warm-up factor of one stage is the count that another has reached.</summary>
[Pipeline]
public sealed partial class CounterField : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear body = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear head = Linear(4, 4);
    private int calls;

    public CounterField()
        : base(nameof(CounterField)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        calls++;
        x = functional.relu(body.forward(x));
        return head.forward(x) * Math.Min(1.0, calls / 100.0); // PSDK0020: calls
    }
}
