using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Side effects around hoisted calls must come in the order in which C# evaluates them.</summary>
[Pipeline]
public sealed partial class EvaluationOrder : Module<Tensor, Tensor>
{
    private readonly List<string> trace = [];
    [PipelineStage(0)] private readonly Linear body = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear head = Linear(4, 2);

    public EvaluationOrder()
        : base(nameof(EvaluationOrder)) => RegisterComponents();

    /// <summary>What was noted, in order.</summary>
    public IReadOnlyList<string> Trace => trace;

    public override Tensor forward(Tensor x)
    {
        var y = Note("before", x);
        return Note("last", head.forward(
            Note("left", x) + (Note("inner", body.forward(Note("argument", y))) * Note("right", y))));
    }

    private Tensor Note(string name, Tensor value)
    {
        trace.Add(name);
        return value;
    }
}
