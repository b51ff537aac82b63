using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A layer that draws between two operations, without a Dropout layer that anybody could see.</summary>
internal sealed class FunctionalDropoutPiece : Module<Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor> inner = Linear(4, 4);

    public FunctionalDropoutPiece()
        : base(nameof(FunctionalDropoutPiece)) => RegisterComponents();

    public override Tensor forward(Tensor input)
    {
        var h = functional.dropout(inner.call(input), 0.3, training);
        h = h + rand_like(h) * 0.1;
        return h.tanh();
    }
}

/// <summary>A layer that calls back.</summary>
internal sealed class CallbackPiece(Action callback) : Module<Tensor, Tensor>(nameof(CallbackPiece))
{
    public override Tensor forward(Tensor input)
    {
        callback();
        return input.alias();
    }
}

/// <summary>Half of everything to zero.</summary>
internal sealed class HalfPiece : Module<Tensor, Tensor>
{
    private readonly Dropout drop = Dropout(0.5);

    public HalfPiece()
        : base(nameof(HalfPiece)) => RegisterComponents();

    public override Tensor forward(Tensor input) => drop.call(input);
}
