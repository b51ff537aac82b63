using TorchSharp;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class ArithmeticTests
{
    [Fact]
    public void Operators_take_tensors_and_numbers_on_either_side()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2, 4);

        AreEqual(x + x, 2, 4, 8);
        AreEqual(x + 1, 2, 3, 5);
        AreEqual(1 + x, 2, 3, 5);
        AreEqual(x - 0.5, 0.5f, 1.5f, 3.5f);
        AreEqual(1 - x, 0, -1, -3);
        AreEqual(2f * x, 2, 4, 8);
        AreEqual(x / 2, 0.5f, 1, 2);
        AreEqual(8 / x, 8, 4, 2);
        AreEqual(x % 3, 1, 2, 1);
        AreEqual(-x, -1, -2, -4);
        AreEqual(x > 1, 0, 1, 1);
        AreEqual(2 <= x, 0, 1, 1);
        AreEqual(x == 2, 0, 1, 0);
        AreEqual(~(x != 2), 0, 1, 0);
        AreEqual((x > 1) & (x < 4), 0, 1, 0);
    }

    [Fact]
    public void In_place_forms_change_the_tensor_and_return_it()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 4);

        Assert.Same(x, x.add_(1));
        Assert.Same(x, x.mul_(F(2, 2)));
        Assert.Same(x, x.sub_(F(1, 1)).sqrt_());
        AreClose(x, Math.Sqrt(3), 3);
    }

    [Fact]
    public void Sums_take_a_factor_and_divisions_a_rounding()
    {
        using var scope = NewDisposeScope();
        var x = F(7, -7);

        AreEqual(x.add(F(1, 1), 10), 17, 3);
        AreEqual(x.div(2, RoundingMode.floor), 3, -4);
        AreEqual(x.div(F(2, 2), RoundingMode.trunc), 3, -3);
        AreEqual(x.floor_divide(2), 3, -4);
    }

    [Fact]
    public void Elementwise_functions_agree_with_System_Math()
    {
        using var scope = NewDisposeScope();
        var v = new[] { 0.25, 0.5, 0.75 };
        var x = tensor(v);

        AreClose(x.exp(), v.Select(a => Math.Exp(a)).ToArray());
        AreClose(x.log(), v.Select(a => Math.Log(a)).ToArray());
        AreClose(x.sqrt(), v.Select(a => Math.Sqrt(a)).ToArray());
        AreClose(x.tanh(), v.Select(a => Math.Tanh(a)).ToArray());
        AreClose(x.sin() + cos(x), v.Select(a => Math.Sin(a) + Math.Cos(a)).ToArray());
        AreClose(x.sigmoid(), v.Select(a => 1 / (1 + Math.Exp(-a))).ToArray());
        AreClose(x.pow(3), v.Select(a => a * a * a).ToArray());
        AreClose(torch.pow(x, x), v.Select(a => Math.Pow(a, a)).ToArray());
        AreClose(x.log1p().expm1(), v);
        AreClose(atan2(x, x), Math.PI / 4, Math.PI / 4, Math.PI / 4);
    }

    [Fact]
    public void Clamping_takes_one_bound_or_both_as_numbers_or_tensors()
    {
        using var scope = NewDisposeScope();
        var x = F(-2, 0, 2);

        AreEqual(x.clamp(-1, 1), -1, 0, 1);
        AreEqual(x.clamp(min: 0.0.ToScalar()), 0, 0, 2);
        AreEqual(x.clamp(max: F(0, 0, 1)), -2, 0, 1);
        AreEqual(x.relu(), 0, 0, 2);
        AreEqual(x.abs_(), 2, 0, 2);
    }

    [Fact]
    public void Matrix_products_agree_with_sums_of_products()
    {
        using var scope = NewDisposeScope();
        var a = tensor(new[,] { { 1f, 2f }, { 3f, 4f } });
        var b = tensor(new[,] { { 5f, 6f }, { 7f, 8f } });

        AreEqual(a.mm(b), 19, 22, 43, 50);
        AreEqual(a.matmul(b), 19, 22, 43, 50);
        AreEqual(einsum("ij,jk->ik", a, b), 19, 22, 43, 50);
        AreEqual(a.mv(F(1, 1)), 3, 7);
        AreEqual(F(1, 2).dot(F(3, 4)), 11);
        AreEqual(F(1, 2).outer(F(3, 4)), 3, 4, 6, 8);
        AreEqual(zeros(2, 2).addmm(a, b, beta: 1, alpha: 0.5f), 9.5f, 11, 21.5f, 25);
        AreEqual(stack([a, a]).bmm(stack([b, b]))[1], 19, 22, 43, 50);
        AreEqual(a.tensordot(b, 1), 19, 22, 43, 50);
        AreClose(a.det(), -2);
        AreEqual(a.trace(), 5);
    }

    [Fact]
    public void Softmax_sums_to_one_and_its_logarithm_agrees()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1f, 2f, 3f }, { 0f, 0f, 0f } });

        AreClose(x.softmax(1).sum(1), 1, 1);
        AreClose(softmax(x, 1).log(), x.log_softmax(1).data<float>().Select(a => (double)a).ToArray());
        AreClose(x.logsumexp(1), Math.Log(Math.Exp(1) + Math.Exp(2) + Math.Exp(3)), Math.Log(3));
    }
}
