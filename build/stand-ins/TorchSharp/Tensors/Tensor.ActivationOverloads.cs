namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor elu(double alpha = 1) => Op.Call("aten::elu", this, alpha);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => Op.Call("aten::elu", this, alpha, scale, input_scale);

        public Tensor elu_(Scalar alpha, Scalar scale, Scalar input_scale) => InPlace("aten::elu_", alpha, scale, input_scale);

        public Tensor celu() => Op.Call("aten::celu", this);

        public Tensor celu_() => InPlace("aten::celu_");

        public Tensor gelu_() => InPlace("aten::gelu_");

        public Tensor relu6() => Op.Call("aten::relu6", this);

        public Tensor relu6_() => InPlace("aten::relu6_");

        public Tensor softplus(double beta = 1, double threshold = 20) => Op.Call("aten::softplus", this, beta, threshold);

        public Tensor log_sigmoid() => Op.Call("aten::log_sigmoid", this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Op.Call("aten::softmax.int", this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Op.Call("aten::log_softmax.int", this, dim, dtype);
    }

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) => input.softmax(dim, dtype);
}
