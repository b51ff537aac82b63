using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Carry and transform gates; compound assignment, deconstruction and discards between the layers.</summary>
[Pipeline]
public sealed partial class Highway : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear enter = Linear(5, 6);
    [PipelineStage(0)] private readonly Linear t0 = Linear(6, 6), h0 = Linear(6, 6);
    [PipelineStage(1)] private readonly Linear t1 = Linear(6, 6), h1 = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear leave = Linear(6, 2);

    public Highway()
        : base(nameof(Highway)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = enter.forward(x);
        var (carry, gate) = (x, sigmoid(t0.forward(x)));
        x = gate * functional.relu(h0.forward(x));
        x += (1 - gate) * carry;
        (carry, gate) = (x, sigmoid(t1.forward(x)));
        x = gate * functional.relu(h1.forward(x));
        x += (1 - gate) * carry;
        var (values, _) = x.max(1, keepdim: true);
        x /= values.abs() + 1;
        return leave.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase Highway => CorpusCase.Of(() => new Highway(), n => randn(n, 5), n => randn(n, 2));
}
