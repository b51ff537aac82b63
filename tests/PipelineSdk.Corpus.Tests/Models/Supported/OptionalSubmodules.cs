using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Submodules that may be null, by configuration, in several stages and styles of null check.</summary>
[Pipeline]
public sealed partial class OptionalSubmodules : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear proj_in;
    [PipelineStage(0)] private readonly LayerNorm? norm_in;
    [PipelineStage(1)] private readonly Linear? gate;
    [PipelineStage(1)] private readonly Linear ff;
    [PipelineStage(1)] private readonly Dropout? dropout;
    [PipelineStage(2)] private readonly Module<Tensor, Tensor>? adapter;
    [PipelineStage(2)] private readonly Linear proj_out;

    public OptionalSubmodules(bool normed, bool gated, bool adapted)
        : base(nameof(OptionalSubmodules))
    {
        proj_in = Linear(4, 8);
        norm_in = normed ? LayerNorm(8) : null;
        gate = gated ? Linear(8, 8) : null;
        ff = Linear(8, 8);
        dropout = null;
        if (adapted) adapter = Sequential(Linear(8, 2), ReLU(), Linear(2, 8));
        proj_out = Linear(8, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = proj_in.forward(x);
        if (norm_in is not null)
        {
            x = norm_in.forward(x);
        }

        var residual = x;
        x = ff.forward(x);
        x = gate is null ? x : x * functional.sigmoid(gate.forward(residual));
        x = dropout?.forward(x) ?? x;
        if (adapter != null) x = x + adapter.forward(x);
        else x = x * 1.0;
        return proj_out.forward(x + residual);
    }
}

internal static partial class Samples
{
    public static CorpusCase OptionalSubmodules => CorpusCase.Of(
        () => new OptionalSubmodules(normed: true, gated: false, adapted: true), n => randn(n, 4), n => randn(n, 3));

    public static CorpusCase OptionalSubmodulesOtherwise => CorpusCase.Of(
        () => new OptionalSubmodules(normed: false, gated: true, adapted: false), n => randn(n, 4), n => randn(n, 3));
}
