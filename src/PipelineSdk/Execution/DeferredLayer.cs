using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The node of a layer's call in the stage's graph: its backward asks the call for the gradient of its input alone.</summary>
internal sealed class DeferredLayer : autograd.SingleTensorFunction<DeferredLayer>
{
    private const string Call = "call";

    public override string Name => nameof(DeferredLayer);

    /// <param name="ctx">What libtorch keeps until the backward.</param>
    /// <param name="vars">What the layer received (any tensor that requires a gradient where that does not), what it computed, and its call.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // What the layer computed is wrapped in a holder, as an argument it would be an input.
        var (output, call) = ((Tensor, DeferredCall))vars[1];
        ctx.set_materialize_grads(false);
        ctx.save_data(Call, call);
        return output.detach();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        => [((DeferredCall)ctx.get_data(Call)!).BackwardToInput(grad_output)!, null!];
}
