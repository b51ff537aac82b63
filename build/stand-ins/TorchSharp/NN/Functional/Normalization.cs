namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05)
                => Op.Call(
                    "aten::batch_norm", input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
                => Op.Call("aten::layer_norm", input, normalized_shape, weight, bias, eps, true);

            public static Tensor group_norm(
                Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05)
                => Op.Call("aten::group_norm", input, num_groups, weight, bias, eps, true);

            /// <summary>Divides by the p-norm over a dimension, or by <paramref name="eps"/> where the norm is smaller.</summary>
            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = Op.Call("aten::norm.ScalarOpt_dim", input, p, new[] { dim }, true);
                using var divisor = Op.Call("aten::clamp_min", norm, eps);
                return Op.Call("aten::div.Tensor", input, divisor);
            }
        }
    }
}
