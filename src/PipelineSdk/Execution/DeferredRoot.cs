using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// A backward of a layer's call starts here: at one number, so that what the layer computed need not be kept for it.
/// </summary>
internal sealed class DeferredRoot : autograd.SingleTensorFunction<DeferredRoot>
{
    private const string Call = "call";

    public override string Name => nameof(DeferredRoot);

    /// <param name="ctx">What libtorch keeps until the backward.</param>
    /// <param name="vars">What the layer computed, and its call.</param>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_data(Call, vars[1]);
        return zeros(1, device: ((Tensor)vars[0]).device);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        => [((DeferredCall)ctx.get_data(Call)!).OutputGradient!, null!];
}
