namespace TorchSharp;

public static partial class torch
{
    // Second names of the same operators.
    public partial class Tensor
    {
        public Tensor absolute() => abs();

        public Tensor absolute_() => abs_();

        public Tensor subtract(Scalar target) => sub(target);

        public Tensor subtract(Tensor target) => sub(target);

        public Tensor subtract_(Scalar target) => sub_(target);

        public Tensor subtract_(Tensor target) => sub_(target);

        public Tensor multiply(Scalar target) => mul(target);

        public Tensor multiply(Tensor target) => mul(target);

        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);

        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);

        public Tensor fix() => trunc();

        public Tensor fix_() => trunc_();

        public Tensor negative() => neg();

        public Tensor clip(Scalar? min = null, Scalar? max = null) => clamp(min, max);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor arctan2(Tensor other) => atan2(other);
    }
}
