using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A mutable object of the user's own carries tensors between the stages.</summary>
[Pipeline]
public sealed partial class StateObject : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public StateObject()
        : base(nameof(StateObject)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var context = new Context();
        context.Hidden = a.forward(x);
        context.Residual = x;
        return b.forward(context.Hidden) + context.Residual;
    }

    private sealed class Context
    {
        public Tensor? Hidden;
        public Tensor Residual = null!;
    }
}

internal static partial class Samples
{
    public static CorpusCase StateObject => CorpusCase.Of(() => new StateObject(), n => randn(n, 4), n => randn(n, 4));
}
