using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A helper remembers the shape of its input, and another helper restores it in a later stage.</summary>
[Pipeline]
public sealed partial class ShapeField : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear lift = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear head = Linear(6, 2);
    private long[] shape = [];

    public ShapeField()
        : base(nameof(ShapeField)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = lift.forward(Flat(x));
        x = head.forward(x);
        return Restored(x); // PSDK0020: Restored
    }

    private Tensor Flat(Tensor x)
    {
        shape = x.shape;
        return x.reshape(-1, shape[^1]);
    }

    private Tensor Restored(Tensor x) => x.reshape([.. shape[..^1], x.shape[^1]]);
}
