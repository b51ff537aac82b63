namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sin() => Op.Call("aten::sin", this);

        public Tensor sin_() => InPlace("aten::sin_");

        public Tensor cos() => Op.Call("aten::cos", this);

        public Tensor cos_() => InPlace("aten::cos_");

        public Tensor tan() => Op.Call("aten::tan", this);

        public Tensor tan_() => InPlace("aten::tan_");

        public Tensor asin() => Op.Call("aten::asin", this);

        public Tensor asin_() => InPlace("aten::asin_");

        public Tensor acos() => Op.Call("aten::acos", this);

        public Tensor acos_() => InPlace("aten::acos_");

        public Tensor atan() => Op.Call("aten::atan", this);

        public Tensor atan_() => InPlace("aten::atan_");

        public Tensor sinh() => Op.Call("aten::sinh", this);

        public Tensor sinh_() => InPlace("aten::sinh_");

        public Tensor cosh() => Op.Call("aten::cosh", this);

        public Tensor cosh_() => InPlace("aten::cosh_");

        public Tensor tanh() => Op.Call("aten::tanh", this);

        public Tensor tanh_() => InPlace("aten::tanh_");

        public Tensor asinh() => Op.Call("aten::asinh", this);

        public Tensor asinh_() => InPlace("aten::asinh_");

        public Tensor acosh() => Op.Call("aten::acosh", this);

        public Tensor acosh_() => InPlace("aten::acosh_");

        public Tensor atanh() => Op.Call("aten::atanh", this);

        public Tensor atanh_() => InPlace("aten::atanh_");

        public Tensor atan2(Tensor other) => Op.Call("aten::atan2", this, other);

        public Tensor atan2_(Tensor other) => InPlace("aten::atan2_", other);

        public Tensor sinc() => Op.Call("aten::sinc", this);

        public Tensor sinc_() => InPlace("aten::sinc_");
    }
}
