using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Names that generated code would like to use itself, and names that are keywords.</summary>
[Pipeline]
public sealed partial class ClashingNames : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear PipelineParts = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear PipelineSegment0 = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear @base = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear _head = Linear(4, 2);

    public ClashingNames()
        : base(nameof(ClashingNames)) => RegisterComponents();

    public override Tensor forward(Tensor input, Tensor @class)
    {
        var output = PipelineParts.forward(input);
        var model = output + @class;
        var Clear = PipelineSegment0.forward(model);
        var @event = @base.forward(Clear);
        var result = _head.forward(functional.relu(@event) + Clear);
        return result + _head.forward(model);
    }
}
