using PipelineSdk;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

/// <summary>A model of the application's own, with a value that skips a stage.</summary>
[Pipeline]
public sealed partial class Residual : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear stem;
    [PipelineStage(1)] private readonly Linear middle;
    [PipelineStage(2)] private readonly Linear head;

    public Residual()
        : base(nameof(Residual))
    {
        stem = Linear(16, 24);
        middle = Linear(24, 24);
        head = Linear(24, 4);
        RegisterComponents();
    }

    public override Tensor forward(Tensor images)
    {
        var skip = functional.relu(stem.call(images));
        var x = functional.relu(middle.call(skip));
        return head.call(x + skip);
    }
}
