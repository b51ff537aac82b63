namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Op.Call("aten::abs", this);

        public Tensor abs_() => InPlace("aten::abs_");

        public Tensor neg() => Op.Call("aten::neg", this);

        public Tensor neg_() => InPlace("aten::neg_");

        public Tensor exp() => Op.Call("aten::exp", this);

        public Tensor exp_() => InPlace("aten::exp_");

        public Tensor exp2() => Op.Call("aten::exp2", this);

        public Tensor expm1() => Op.Call("aten::expm1", this);

        public Tensor expm1_() => InPlace("aten::expm1_");

        public Tensor log() => Op.Call("aten::log", this);

        public Tensor log_() => InPlace("aten::log_");

        public Tensor log2() => Op.Call("aten::log2", this);

        public Tensor log2_() => InPlace("aten::log2_");

        public Tensor log10() => Op.Call("aten::log10", this);

        public Tensor log10_() => InPlace("aten::log10_");

        public Tensor log1p() => Op.Call("aten::log1p", this);

        public Tensor log1p_() => InPlace("aten::log1p_");

        public Tensor sqrt() => Op.Call("aten::sqrt", this);

        public Tensor sqrt_() => InPlace("aten::sqrt_");

        public Tensor rsqrt() => Op.Call("aten::rsqrt", this);

        public Tensor rsqrt_() => InPlace("aten::rsqrt_");

        public Tensor reciprocal() => Op.Call("aten::reciprocal", this);

        public Tensor reciprocal_() => InPlace("aten::reciprocal_");

        public Tensor sign() => Op.Call("aten::sign", this);

        public Tensor sign_() => InPlace("aten::sign_");

        public Tensor sgn() => Op.Call("aten::sgn", this);

        public Tensor sgn_() => InPlace("aten::sgn_");

        public Tensor ceil() => Op.Call("aten::ceil", this);

        public Tensor ceil_() => InPlace("aten::ceil_");

        public Tensor floor() => Op.Call("aten::floor", this);

        public Tensor floor_() => InPlace("aten::floor_");

        public Tensor round(long decimals = 0) => Op.Call("aten::round.decimals", this, decimals);

        public Tensor round_(long decimals = 0) => InPlace("aten::round_.decimals", decimals);

        public Tensor trunc() => Op.Call("aten::trunc", this);

        public Tensor trunc_() => InPlace("aten::trunc_");

        public Tensor frac() => Op.Call("aten::frac", this);

        public Tensor frac_() => InPlace("aten::frac_");

        public Tensor erf() => Op.Call("aten::erf", this);

        public Tensor erf_() => InPlace("aten::erf_");

        public Tensor erfc() => Op.Call("aten::erfc", this);

        public Tensor erfc_() => InPlace("aten::erfc_");

        public Tensor erfinv() => Op.Call("aten::erfinv", this);

        public Tensor erfinv_() => InPlace("aten::erfinv_");

        public Tensor sigmoid() => Op.Call("aten::sigmoid", this);

        public Tensor sigmoid_() => InPlace("aten::sigmoid_");

        public Tensor logit(double? eps = null) => Op.Call("aten::logit", this, eps);

        public Tensor digamma() => Op.Call("aten::digamma", this);

        public Tensor digamma_() => InPlace("aten::digamma_");

        public Tensor lgamma() => Op.Call("aten::lgamma", this);

        public Tensor lgamma_() => InPlace("aten::lgamma_");

        public Tensor pow(Scalar exponent) => Op.Call("aten::pow.Tensor_Scalar", this, exponent);

        public Tensor pow(Tensor exponent) => Op.Call("aten::pow.Tensor_Tensor", this, exponent);

        public Tensor pow_(Scalar exponent) => InPlace("aten::pow_.Scalar", exponent);

        public Tensor pow_(Tensor exponent) => InPlace("aten::pow_.Tensor", exponent);

        public Tensor fmod(Scalar scalar) => Op.Call("aten::fmod.Scalar", this, scalar);

        public Tensor fmod(Tensor target) => Op.Call("aten::fmod.Tensor", this, target);

        public Tensor fmod_(Scalar scalar) => InPlace("aten::fmod_.Scalar", scalar);

        public Tensor fmod_(Tensor target) => InPlace("aten::fmod_.Tensor", target);

        public Tensor remainder(Scalar scalar) => Op.Call("aten::remainder.Scalar", this, scalar);

        public Tensor remainder(Tensor target) => Op.Call("aten::remainder.Tensor", this, target);

        public Tensor remainder_(Scalar scalar) => InPlace("aten::remainder_.Scalar", scalar);

        public Tensor remainder_(Tensor target) => InPlace("aten::remainder_.Tensor", target);

        public Tensor floor_divide(Scalar other) => Op.Call("aten::floor_divide.Scalar", this, other);

        public Tensor floor_divide(Tensor other) => Op.Call("aten::floor_divide", this, other);

        public Tensor floor_divide_(Scalar other) => InPlace("aten::floor_divide_.Scalar", other);

        public Tensor floor_divide_(Tensor other) => InPlace("aten::floor_divide_.Tensor", other);

        public Tensor true_divide(Scalar other) => Op.Call("aten::true_divide.Scalar", this, other);

        public Tensor true_divide(Tensor other) => Op.Call("aten::true_divide.Tensor", this, other);

        public Tensor true_divide_(Scalar other) => InPlace("aten::true_divide_.Scalar", other);

        public Tensor true_divide_(Tensor other) => InPlace("aten::true_divide_.Tensor", other);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Op.Call("aten::clamp", this, min, max);

        public Tensor clamp(Tensor? min = null, Tensor? max = null) => Op.Call("aten::clamp.Tensor", this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null) => InPlace("aten::clamp_", min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) => InPlace("aten::clamp_.Tensor", min, max);

        public Tensor clamp_min(Scalar min) => Op.Call("aten::clamp_min", this, min);

        public Tensor clamp_min_(Scalar min) => InPlace("aten::clamp_min_", min);

        public Tensor clamp_max(Scalar max) => Op.Call("aten::clamp_max", this, max);

        public Tensor clamp_max_(Scalar max) => InPlace("aten::clamp_max_", max);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Op.Call("aten::addcmul", this, tensor1, tensor2, value);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            InPlace("aten::addcmul_", tensor1, tensor2, value);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => Op.Call("aten::addcdiv", this, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Op.Call("aten::addcdiv", this, tensor1, tensor2, value);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => InPlace("aten::addcdiv_", tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            InPlace("aten::addcdiv_", tensor1, tensor2, value);

        public Tensor lerp(Tensor end, Tensor weight) => Op.Call("aten::lerp.Tensor", this, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => InPlace("aten::lerp_.Tensor", end, weight);

        public Tensor deg2rad() => Op.Call("aten::deg2rad", this);

        public Tensor rad2deg() => Op.Call("aten::rad2deg", this);

        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) =>
            Op.Call("aten::nan_to_num", this, nan, posinf, neginf);

        public Tensor logaddexp(Tensor other) => Op.Call("aten::logaddexp", this, other);

        public Tensor logaddexp2(Tensor other) => Op.Call("aten::logaddexp2", this, other);

        public Tensor maximum(Tensor other) => Op.Call("aten::maximum", this, other);

        public Tensor minimum(Tensor other) => Op.Call("aten::minimum", this, other);

        public Tensor fmax(Tensor other) => Op.Call("aten::fmax", this, other);

        public Tensor fmin(Tensor other) => Op.Call("aten::fmin", this, other);

        public Tensor hypot(Tensor other) => Op.Call("aten::hypot", this, other);

        public Tensor copysign(Tensor other) => Op.Call("aten::copysign.Tensor", this, other);

        public Tensor float_power(Tensor target) => Op.Call("aten::float_power.Tensor_Tensor", this, target);

        public Tensor signbit() => Op.Call("aten::signbit", this);

        public Tensor xlogy(Scalar y) => Op.Call("aten::xlogy.Scalar_Other", this, y);

        public Tensor xlogy(Tensor y) => Op.Call("aten::xlogy.Tensor", this, y);

        public Tensor positive() => Op.Call("aten::positive", this);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Op.Call("aten::isclose", this, other, rtol, atol, nanEqual);
    }
}
