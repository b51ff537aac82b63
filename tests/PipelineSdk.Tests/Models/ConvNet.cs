using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>The example of docs/plans.md: no stages are named.</summary>
[Pipeline]
public sealed partial class ConvNet : Module<Tensor, Tensor>
{
    private readonly Conv2d stem = Conv2d(3, 32, 3, padding: 1);
    private readonly Conv2d deep = Conv2d(32, 64, 3, stride: 2, padding: 1);
    private readonly Conv2d deeper = Conv2d(64, 128, 3, stride: 2, padding: 1);
    private readonly Linear hidden = Linear(128 * 8 * 8, 256);
    private readonly Linear head = Linear(256, 10);

    public ConvNet()
        : base(nameof(ConvNet)) => RegisterComponents();

    public override Tensor forward(Tensor images)
    {
        var x = functional.relu(stem.call(images));
        x = functional.relu(deep.call(x));
        x = functional.relu(deeper.call(x));
        x = functional.relu(hidden.call(x.flatten(1)));
        return head.call(x);
    }
}
