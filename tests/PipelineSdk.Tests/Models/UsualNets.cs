using PipelineSdk.Schedules;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A network that says how it is usually trained.</summary>
[Pipeline(Schedule = ScheduleNames.GPipe, Workers = 3, MicroBatches = 6)]
public sealed partial class UsualNet : Module<Tensor, Tensor>
{
    [PipelineStages(1, 1, 1)] private readonly Sequential layers = Sequential(Linear(4, 4), Linear(4, 4), Linear(4, 2));

    public UsualNet()
        : base(nameof(UsualNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => layers.forward(x);
}

/// <summary>A network that names no stages, only workers.</summary>
[Pipeline(Workers = 2)]
public sealed partial class UsualOpenNet : Module<Tensor, Tensor>
{
    private readonly Sequential layers = Sequential(Linear(4, 4), Linear(4, 4), Linear(4, 2));

    public UsualOpenNet()
        : base(nameof(UsualOpenNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => layers.forward(x);
}
