namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Initial values for parameters. All write in place, outside autograd, and return their tensor.</summary>
        public static class init
        {
            public enum FanInOut
            {
                FanIn = 0,
                FanOut = 1,
            }

            public enum NonlinearityType
            {
                Linear = 0,
                Conv1D = 1,
                Conv2D = 2,
                Conv3D = 3,
                ConvTranspose1D = 4,
                ConvTranspose2D = 5,
                ConvTranspose3D = 6,
                Sigmoid = 7,
                Tanh = 8,
                ReLU = 9,
                LeakyReLU = 10,
            }

            public static Tensor zeros_(Tensor tensor) => Write("aten::zero_", tensor);

            public static Tensor ones_(Tensor tensor) => Write("aten::fill_.Scalar", tensor, 1);

            public static Tensor constant_(Tensor tensor, Scalar val) => Write("aten::fill_.Scalar", tensor, val);

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null)
                => Write("aten::uniform_", tensor, low, high, generator);

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null)
                => Write("aten::normal_", tensor, mean, std, generator);

            /// <summary>Normal values that lie within [a, b], drawn by inverting the distribution function.</summary>
            public static Tensor trunc_normal_(
                Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                using var _ = no_grad();
                double Erf(double x) => ErrorFunction((x - mean) / std / Math.Sqrt(2));
                Op.Run("aten::uniform_", tensor, Erf(a), Erf(b), generator);
                Op.Run("aten::erfinv_", tensor);
                Op.Run("aten::mul_.Scalar", tensor, std * Math.Sqrt(2));
                Op.Run("aten::add_.Scalar", tensor, mean);
                Op.Run("aten::clamp_", tensor, a, b);
                return tensor;
            }

            /// <summary>Glorot and Bengio 2010: variance gain²·2/(fan-in + fan-out).</summary>
            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = gain * Math.Sqrt(6.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            /// <inheritdoc cref="xavier_uniform_"/>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return normal_(tensor, 0, gain * Math.Sqrt(2.0 / (fanIn + fanOut)));
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            /// <summary>He et al. 2015: variance gain²/fan.</summary>
            public static Tensor kaiming_uniform_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode));
                return uniform_(tensor, -bound, bound);
            }

            /// <inheritdoc cref="kaiming_uniform_"/>
            public static Tensor kaiming_normal_(
                Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn,
                NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
                => normal_(tensor, 0, calculate_gain(nonlinearity, a) / Math.Sqrt(Fan(tensor, mode)));

            /// <summary>By how much a nonlinearity's weights are to be larger than a linear layer's.</summary>
            /// <param name="nonlinearity">What follows the weights.</param>
            /// <param name="param">The slope on the negative side, for LeakyReLU.</param>
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3,
                NonlinearityType.ReLU => Math.Sqrt(2),
                NonlinearityType.LeakyReLU => Math.Sqrt(2 / (1 + param * param)),
                _ => 1,
            };

            /// <summary>Inputs of one output element, and outputs that one input element has part in.</summary>
            /// <exception cref="ArgumentException">The tensor has fewer than two dimensions.</exception>
            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");

                var field = shape.AsSpan(2).ToArray().Aggregate(1L, (size, extent) => size * extent);
                return (shape[1] * field, shape[0] * field);
            }

            private static long Fan(Tensor tensor, FanInOut mode)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return mode == FanInOut.FanIn ? fanIn : fanOut;
            }

            private static double ErrorFunction(double x)
            {
                using var value = Op.Call("aten::scalar_tensor", x, ScalarType.Float64);
                using var result = Op.Call("aten::erf", value);
                return Op.CallDouble("aten::item", result);
            }

            private static Tensor Write(string operation, Tensor tensor, params ReadOnlySpan<Arg> more)
            {
                using var _ = no_grad();
                Op.Run(operation, [tensor, .. more]);
                return tensor;
            }
        }
    }
}
