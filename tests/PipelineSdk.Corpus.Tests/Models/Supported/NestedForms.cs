using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An inner pipeline of two inputs and two results, whose list is split as well; inside it, another one.</summary>
[Pipeline]
public sealed partial class NestedForms : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear embed = Linear(4, 6);
    [PipelineStages(1, 2)] private readonly NestedEncoder encoder = new();
    [PipelineStage(2)] private readonly Linear head = Linear(6, 3);

    public NestedForms()
        : base(nameof(NestedForms)) => RegisterComponents();

    public override Tensor forward(Tensor x, Tensor mask)
    {
        var (deep, shallow) = encoder.call(embed.forward(x), mask);
        return head.forward(deep + shallow * mask);
    }
}

/// <summary>Stages of its own: two rounds of the list, the third, and the inner model.</summary>
[Pipeline]
public sealed partial class NestedEncoder : Module<Tensor, Tensor, (Tensor Deep, Tensor Shallow)>
{
    [PipelineStages(2, 1)] private readonly ModuleList<Linear> layers = ModuleList(Linear(6, 6), Linear(6, 6), Linear(6, 6));
    [PipelineStage(2)] private readonly NestedTop top = new();

    public NestedEncoder()
        : base(nameof(NestedEncoder)) => RegisterComponents();

    public override (Tensor Deep, Tensor Shallow) forward(Tensor x, Tensor mask)
    {
        var shallow = x;
        foreach (var layer in layers) x = functional.relu(layer.forward(x)) * mask + x;
        return (top.forward(x), shallow);
    }
}

/// <summary>No stages named.</summary>
[Pipeline]
public sealed partial class NestedTop : Module<Tensor, Tensor>
{
    private readonly Sequential net = Sequential(Linear(6, 8), GELU(), Linear(8, 6));

    public NestedTop()
        : base(nameof(NestedTop)) => RegisterComponents();

    public override Tensor forward(Tensor x) => net.forward(x) + x;
}

/// <summary>The whole body is a call of the inner model; nothing is named.</summary>
[Pipeline]
public sealed partial class NestedFormsWrapper : Module<Tensor, Tensor>
{
    private readonly NestedTop top = new();

    public NestedFormsWrapper()
        : base(nameof(NestedFormsWrapper)) => RegisterComponents();

    public override Tensor forward(Tensor x) => top.forward(x);
}

internal static partial class Samples
{
    public static CorpusCase NestedForms => CorpusCase.Of(
        () => new NestedForms(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 4), rand(n, 6)],
        n => randn(n, 3),
        Losses.Mse);

    public static CorpusCase NestedFormsWrapper => CorpusCase.Of(() => new NestedFormsWrapper(), n => randn(n, 6), n => randn(n, 6));
}
