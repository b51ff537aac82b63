using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What Adam and AdamW have in common: the moments of the gradient, and the step they make.</summary>
internal static class AdamUpdate
{
    /// <summary>Updates the moments and the parameter, in PyTorch's order of operations.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="gradient">Its gradient, with the weight decay in it that is to go through the moments.</param>
    /// <param name="first">The gradient's running mean.</param>
    /// <param name="second">The squared gradient's running mean.</param>
    /// <param name="largest">The largest second moments so far, for AMSGrad; null without.</param>
    /// <param name="step">The step's number, from one.</param>
    /// <param name="rate">The learning rate.</param>
    /// <param name="betas">How much of each moment stays.</param>
    /// <param name="eps">Keeps the divisor from zero.</param>
    public static void Apply(
        Parameter parameter, Tensor gradient, Tensor first, Tensor second, ref Tensor? largest, long step, double rate,
        (double First, double Second) betas, double eps)
    {
        Op.Run("aten::mul_.Scalar", first, betas.First);
        Op.Run("aten::add_.Tensor", first, gradient, 1 - betas.First);
        Op.Run("aten::mul_.Scalar", second, betas.Second);
        Op.Run("aten::addcmul_", second, gradient, gradient, 1 - betas.Second);

        if (largest is not null)
        {
            var grown = Op.Call("aten::maximum", largest, second).DetachFromDisposeScope();
            largest.Dispose();
            largest = grown;
        }

        var divisor = Op.Call("aten::sqrt", largest ?? second);
        Op.Run("aten::div_.Scalar", divisor, Math.Sqrt(1 - Math.Pow(betas.Second, step)));
        Op.Run("aten::add_.Scalar", divisor, eps);
        Op.Run("aten::addcdiv_", parameter, first, divisor, -rate / (1 - Math.Pow(betas.First, step)));
    }
}
