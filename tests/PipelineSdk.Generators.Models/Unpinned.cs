using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>Nothing is pinned: every legal cut stays open, and a member used twice keeps what lies between in one segment.</summary>
[Pipeline]
public sealed partial class Unpinned : Module<Tensor, Tensor>
{
    private readonly Linear stem = Linear(4, 4);
    private readonly ReLU relu = ReLU();
    private readonly Linear shared = Linear(4, 4);
    private readonly Linear between = Linear(4, 4);
    private readonly Linear neck = Linear(4, 4);
    private readonly Linear head = Linear(4, 2);

    public Unpinned()
        : base(nameof(Unpinned)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = relu.forward(stem.forward(x));
        x = shared.forward(x);
        x = relu.forward(between.forward(x));
        x = shared.forward(x);
        return head.forward(relu.forward(neck.forward(x)));
    }
}
