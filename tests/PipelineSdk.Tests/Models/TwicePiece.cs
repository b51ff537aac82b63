using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>
/// One piece with all that makes gradients add up: a skip, a layer called twice, a normalisation, one frozen layer, one of which only the bias learns, one
/// that runs without gradients, and two that share their weight.
/// </summary>
internal sealed class TwicePiece : Module<Tensor, Tensor>
{
    private readonly Linear twice = Linear(4, 4);
    private readonly Linear frozen = Linear(4, 4);
    private readonly Linear onlyBias = Linear(4, 4);
    private readonly Linear aside = Linear(4, 4);
    private readonly Linear shared = Linear(4, 4);
    private readonly Linear sharing = Linear(4, 4);
    private readonly LayerNorm norm = LayerNorm(4);

    public TwicePiece()
        : base(nameof(TwicePiece))
    {
        sharing.weight = shared.weight;
        foreach (var parameter in frozen.parameters()) parameter.requires_grad = false;
        onlyBias.weight.requires_grad = false;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var h = functional.relu(twice.call(x), inplace: true) + x;
        h = norm.call(twice.call(h) + twice.call(h * 2) + frozen.call(h) + x);
        using (no_grad()) h = h + aside.call(h);
        return sharing.call(shared.call(onlyBias.call(h))) + h;
    }
}
