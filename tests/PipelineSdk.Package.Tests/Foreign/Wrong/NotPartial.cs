using PipelineSdk;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Wrong;

[Pipeline]
public sealed class NotPartial : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);

    public NotPartial() : base(nameof(NotPartial)) => RegisterComponents();

    public override Tensor forward(Tensor x) => second.call(first.call(x));
}
