namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor add(Tensor target) => Op.Call("aten::add.Tensor", this, target);

        public Tensor add(Tensor target, Scalar alpha) => Op.Call("aten::add.Tensor", this, target, alpha);

        public Tensor add(Scalar scalar) => Op.Call("aten::add.Scalar", this, scalar);

        public Tensor add(Scalar scalar, Scalar alpha) => Op.Call("aten::add.Scalar", this, scalar, alpha);

        public Tensor add_(Tensor target) => InPlace("aten::add_.Tensor", target);

        public Tensor add_(Tensor target, Scalar alpha) => InPlace("aten::add_.Tensor", target, alpha);

        public Tensor add_(Scalar scalar) => InPlace("aten::add_.Scalar", scalar);

        public Tensor add_(Scalar scalar, Scalar alpha) => InPlace("aten::add_.Scalar", scalar, alpha);

        public Tensor sub(Tensor target) => Op.Call("aten::sub.Tensor", this, target);

        public Tensor sub(Scalar target) => Op.Call("aten::sub.Scalar", this, target);

        public Tensor sub_(Tensor target) => InPlace("aten::sub_.Tensor", target);

        public Tensor sub_(Scalar target) => InPlace("aten::sub_.Scalar", target);

        public Tensor mul(Tensor target) => Op.Call("aten::mul.Tensor", this, target);

        public Tensor mul(Scalar target) => Op.Call("aten::mul.Scalar", this, target);

        public Tensor mul_(Tensor target) => InPlace("aten::mul_.Tensor", target);

        public Tensor mul_(Scalar target) => InPlace("aten::mul_.Scalar", target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call("aten::div.Tensor_mode", this, target, Rounding(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Op.Call("aten::div.Scalar_mode", this, target, Rounding(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("aten::div_.Tensor_mode", target, Rounding(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            InPlace("aten::div_.Scalar_mode", target, Rounding(rounding_mode));

        public Tensor square() => pow(2);

        private static string? Rounding(RoundingMode mode) => mode switch
        {
            RoundingMode.trunc => "trunc",
            RoundingMode.floor => "floor",
            _ => null,
        };

        private Tensor InPlace(string name)
        {
            Op.Run(name, this);
            return this;
        }

        private Tensor InPlace(string name, Arg first)
        {
            Op.Run(name, this, first);
            return this;
        }

        private Tensor InPlace(string name, Arg first, Arg second)
        {
            Op.Run(name, this, first, second);
            return this;
        }

        private Tensor InPlace(string name, Arg first, Arg second, Arg third)
        {
            Op.Run(name, this, first, second, third);
            return this;
        }

        private Tensor InPlace(string name, Arg first, Arg second, Arg third, Arg fourth)
        {
            Op.Run(name, this, first, second, third, fourth);
            return this;
        }
    }

    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }
}
