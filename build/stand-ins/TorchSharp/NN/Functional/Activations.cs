namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor relu(Tensor x, bool inplace = false)
                => inplace ? InPlace("aten::relu_", x) : Op.Call("aten::relu", x);

            public static Tensor relu6(Tensor x, bool inplace = false)
                => inplace ? InPlace("aten::relu6_", x) : Op.Call("aten::relu6", x);

            public static Tensor gelu(Tensor x) => Op.Call("aten::gelu", x);

            public static Tensor gelu(Tensor x, bool inplace) => inplace ? InPlace("aten::gelu_", x) : gelu(x);

            public static Tensor silu(Tensor x, bool inplace = false)
                => inplace ? InPlace("aten::silu_", x) : Op.Call("aten::silu", x);

            public static Tensor mish(Tensor x, bool inplace = false)
                => inplace ? InPlace("aten::mish_", x) : Op.Call("aten::mish", x);

            public static Tensor tanh(Tensor x, bool inplace = false)
                => inplace ? InPlace("aten::tanh_", x) : Op.Call("aten::tanh", x);

            public static Tensor sigmoid(Tensor x) => Op.Call("aten::sigmoid", x);

            public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? InPlace("aten::sigmoid_", x) : sigmoid(x);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false)
                => inplace ? InPlace("aten::elu_", x, alpha) : Op.Call("aten::elu", x, alpha);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false)
                => inplace ? InPlace("aten::leaky_relu_", input, negative_slope) : Op.Call("aten::leaky_relu", input, negative_slope);

            public static Tensor softplus(Tensor x, double beta = 1.0, double threshold = 20.0)
                => Op.Call("aten::softplus", x, beta, threshold);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null)
                => Op.Call("aten::softmax.int", input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => Op.Call("aten::log_softmax.int", x, dim);

            /// <summary>The result is a view of the changed input: a tensor object of its own that may be disposed.</summary>
            private static Tensor InPlace(string operation, Tensor x)
            {
                Op.Run(operation, x);
                return Op.Call("aten::alias", x);
            }

            private static Tensor InPlace(string operation, Tensor x, double argument)
            {
                Op.Run(operation, x, argument);
                return Op.Call("aten::alias", x);
            }
        }
    }
}
