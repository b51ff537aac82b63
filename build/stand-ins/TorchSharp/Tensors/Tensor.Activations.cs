namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => Op.Call("aten::relu", this);

        public Tensor relu_() => InPlace("aten::relu_");

        public Tensor silu() => Op.Call("aten::silu", this);

        public Tensor silu_() => InPlace("aten::silu_");

        public Tensor gelu() => Op.Call("aten::gelu", this);

        public Tensor celu(Scalar alpha) => Op.Call("aten::celu", this, alpha);

        public Tensor celu_(Scalar alpha) => InPlace("aten::celu_", alpha);

        public Tensor selu() => Op.Call("aten::selu", this);

        public Tensor selu_() => InPlace("aten::selu_");

        public Tensor leaky_relu(Scalar negative_slope) => Op.Call("aten::leaky_relu", this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope) => InPlace("aten::leaky_relu_", negative_slope);

        public Tensor hardsigmoid() => Op.Call("aten::hardsigmoid", this);

        public Tensor hardsigmoid_() => InPlace("aten::hardsigmoid_");

        public Tensor hardswish() => Op.Call("aten::hardswish", this);

        public Tensor hardswish_() => InPlace("aten::hardswish_");

        public Tensor threshold(Scalar threshold, Scalar value) => Op.Call("aten::threshold", this, threshold, value);

        public Tensor threshold_(Scalar threshold, Scalar value) => InPlace("aten::threshold_", threshold, value);

        public Tensor glu(long dim = -1) => Op.Call("aten::glu", this, dim);

        public Tensor prelu(Tensor target) => Op.Call("aten::prelu", this, target);
    }
}
