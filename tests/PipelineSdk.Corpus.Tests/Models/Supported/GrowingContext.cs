using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An object of the user's own is filled in one stage, completed in the next and read in the last.</summary>
[Pipeline]
public sealed partial class GrowingContext : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear c = Linear(4, 2);

    public GrowingContext()
        : base(nameof(GrowingContext)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var context = new Context { Steps = 1, Residual = x };
        context.Hidden = a.forward(x).relu();
        context.Hidden = b.forward(context.Hidden);
        context.Steps++;
        context.Gates.Add(context.Hidden.sigmoid());
        return c.forward(context.Hidden * context.Gates[0] + context.Residual) * context.Steps;
    }

    private sealed class Context
    {
        public Tensor? Hidden { get; set; }

        public required Tensor Residual { get; init; }

        public List<Tensor> Gates { get; set; } = [];

        public int Steps;
    }
}

internal static partial class Samples
{
    public static CorpusCase GrowingContext => CorpusCase.Of(() => new GrowingContext(), n => randn(n, 4), n => randn(n, 2));
}
