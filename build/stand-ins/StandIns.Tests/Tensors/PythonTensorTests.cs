using System.Text.Json;
using StandIns.Tests.NN;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

/// <summary>Each operator with its values and, where it has them, its gradients, against PyTorch of the same libtorch.</summary>
public class PythonTensorTests
{
    // x is 3 by 4, y 4 by 3, both of small irrational numbers; i is a list of positions, m a mask of x.
    private static readonly (string Python, Func<Inputs, Tensor> Here)[] Cases =
    [
        ("x.exp() + x.abs().sqrt()", t => t.X.exp() + t.X.abs().sqrt()),
        ("torch.erf(x) * torch.lgamma(x + 3)", t => erf(t.X) * lgamma(t.X + 3)),
        ("x.sigmoid().logit(1e-6)", t => t.X.sigmoid().logit(1e-6)),
        ("x.clamp(-0.5, 0.5)", t => t.X.clamp(-0.5, 0.5)),
        ("x.clamp(min=-0.25)", t => t.X.clamp_min(-0.25)),
        ("x.pow(3) / (2 + x)", t => t.X.pow(3) / (2 + t.X)),
        ("torch.pow(x.abs() + 1, y.t())", t => torch.pow(t.X.abs() + 1, t.Y.t())),
        ("x.remainder(0.3) + x.fmod(0.3)", t => t.X.remainder(0.3) + t.X.fmod(0.3)),
        ("1 - x", t => 1 - t.X),
        ("2.5 / (x + 3)", t => 2.5 / (t.X + 3)),
        ("torch.atan2(x, y.t())", t => atan2(t.X, t.Y.t())),
        ("torch.lerp(x, y.t(), x)", t => t.X.lerp(t.Y.t(), t.X)),
        ("torch.addcmul(x, x, y.t(), value=0.5)", t => t.X.addcmul(t.X, t.Y.t(), 0.5)),
        ("torch.addcdiv(x, x, y.t() + 3, value=0.5)", t => t.X.addcdiv(t.X, t.Y.t() + 3, 0.5)),
        ("torch.logaddexp(x, y.t())", t => logaddexp(t.X, t.Y.t())),
        ("torch.hypot(x, y.t())", t => hypot(t.X, t.Y.t())),
        ("torch.nn.functional.gelu(x)", t => t.X.gelu()),
        ("torch.nn.functional.silu(x)", t => t.X.silu()),
        ("torch.nn.functional.elu(x, 0.7)", t => t.X.elu(0.7)),
        ("torch.nn.functional.celu(x, 0.7)", t => t.X.celu(0.7)),
        ("torch.nn.functional.selu(x)", t => t.X.selu()),
        ("torch.nn.functional.softplus(x, 2)", t => t.X.softplus(2)),
        ("torch.nn.functional.leaky_relu(x, 0.2)", t => t.X.leaky_relu(0.2)),
        ("torch.nn.functional.logsigmoid(x)", t => t.X.log_sigmoid()),
        ("torch.nn.functional.hardswish(x * 4)", t => (t.X * 4).hardswish()),
        ("torch.nn.functional.hardsigmoid(x * 4)", t => (t.X * 4).hardsigmoid()),
        ("torch.nn.functional.relu6(x * 9)", t => (t.X * 9).relu6()),
        ("torch.nn.functional.glu(x, 1)", t => t.X.glu(1)),
        ("x.softmax(1)", t => t.X.softmax(1)),
        ("x.log_softmax(0)", t => t.X.log_softmax(0)),
        ("x.sum(0)", t => t.X.sum(dim: 0)),
        ("x.mean([0, 1], keepdim=True)", t => t.X.mean([0, 1], keepdim: true)),
        ("x.prod(1)", t => t.X.prod(1)),
        ("x.cumsum(1) + x.cumprod(0)", t => t.X.cumsum(1) + t.X.cumprod(0)),
        ("x.std(1)", t => t.X.std(1)),
        ("x.var([0, 1], unbiased=False)", t => t.X.var([0, 1], unbiased: false)),
        ("x.norm()", t => t.X.norm()),
        ("x.norm(3, 1)", t => t.X.norm(1, p: 3)),
        ("x.logsumexp(1)", t => t.X.logsumexp(1)),
        ("x.max(1).values", t => t.X.max(1).values),
        ("x.min(0).values", t => t.X.min(0).values),
        ("x.amax([0, 1])", t => t.X.amax([0, 1])),
        ("x.topk(2, 1).values", t => t.X.topk(2, 1).values),
        ("x.sort(1, True).values", t => t.X.sort(1, true).Values),
        ("x.median()", t => t.X.median()),
        ("x.kthvalue(2, 1).values", t => t.X.kthvalue(2, 1).values),
        ("torch.quantile(x, torch.tensor([0.3], dtype=torch.float64), 1)", t => t.X.quantile(tensor(new[] { 0.3 }), 1)),
        ("x.diff(dim=1)", t => t.X.diff(dim: 1)),
        ("x @ y", t => t.X.matmul(t.Y)),
        ("torch.einsum('ij,ji->i', x, y)", t => einsum("ij,ji->i", t.X, t.Y)),
        ("torch.addmm(torch.eye(3, dtype=torch.float64), x, y, beta=0.5, alpha=2)", t => eye(3, dtype: ScalarType.Float64).addmm(t.X, t.Y, 0.5f, 2)),
        ("torch.tensordot(x, y, 1)", t => tensordot(t.X, t.Y, 1)),
        ("torch.outer(x[0], y[0])", t => outer(t.X[0], t.Y[0])),
        ("torch.kron(x, y)", t => kron(t.X, t.Y)),
        ("(x @ y + 4 * torch.eye(3, dtype=torch.float64)).inverse()", t => (t.X.mm(t.Y) + 4 * eye(3, dtype: ScalarType.Float64)).inverse()),
        ("(x @ y).det()", t => t.X.mm(t.Y).det()),
        ("torch.matrix_exp(x @ y)", t => matrix_exp(t.X.mm(t.Y))),
        ("x[1:, ::2]", t => t.X[TensorIndex.Slice(1), TensorIndex.Slice(step: 2)]),
        ("x[:, None, -1]", t => t.X[TensorIndex.Colon, TensorIndex.None, -1]),
        ("x[..., i]", t => t.X[TensorIndex.Ellipsis, TensorIndex.Tensor(t.Places)]),
        ("x[i, i]", t => t.X[t.Places, t.Places]),
        ("x[i[:, None], i]", t => t.X[t.Places.unsqueeze(1), t.Places]),
        ("x[m]", t => t.X[t.Mask]),
        ("x[1][m[1]]", t => t.X[TensorIndex.Single(1), TensorIndex.Tensor(t.Mask[1])]),
        ("torch.where(m, x, y.t())", t => torch.where(t.Mask, t.X, t.Y.t())),
        ("x.masked_fill(m, 2)", t => t.X.masked_fill(t.Mask, 2)),
        ("x.gather(1, i[None].expand(3, 2))", t => t.X.gather(1, t.Places.unsqueeze(0).expand(3, 2))),
        ("x.index_select(1, i)", t => t.X.index_select(1, t.Places)),
        ("x.index_add(1, i, x[:, :2], alpha=3)", t => t.X.index_add(1, t.Places, t.X[.., ..2], 3)),
        ("x.scatter_add(1, i[None].expand(3, 2), x[:, 2:])", t => t.X.scatter_add(1, t.Places.unsqueeze(0).expand(3, 2), t.X[.., 2..])),
        ("torch.cat(x.split([1, 3], 1)[::-1], 1)", t => cat(t.X.split([1, 3], 1L).Reverse().ToArray(), 1)),
        ("torch.stack(x.chunk(2, 1), 0)", t => stack(t.X.chunk(2, 1))),
        ("torch.stack(torch.unbind(x, 1)[1:])", t => stack(unbind(t.X, 1L)[1..])),
        ("x.roll(1, 0) + x.roll((1, 2), (0, 1))", t => t.X.roll(1, 0) + t.X.roll((1, 2), (0, 1))),
        ("x.flip(0, 1)", t => t.X.flip(0, 1)),
        ("x.tril(-1) + x.triu(1)", t => t.X.tril(-1) + t.X.triu(1)),
        ("x.repeat(2, 1, 1)", t => t.X.repeat(2, 1, 1)),
        ("x.repeat_interleave(2, 1)", t => t.X.repeat_interleave(2, 1)),
        ("x.movedim(0, 1).unfold(0, 2, 1)", t => movedim(t.X, 0, 1).unfold(0, 2, 1)),
        ("torch.diag_embed(x)", t => t.X.diag_embed()),
    ];

    [PythonFact]
    public void Values_and_gradients_are_those_of_PyTorch()
    {
        using var scope = NewDisposeScope();
        var expected = JsonDocument.Parse(PythonReference.Run(Script())).RootElement.EnumerateArray().ToArray();
        var input = new Inputs(
            NN.Values.Wave(1, 3, 4).requires_grad_(),
            NN.Values.Wave(2, 4, 3).requires_grad_(),
            tensor(new long[] { 2, 0 }),
            NN.Values.Wave(3, 3, 4).gt(0.1));

        Assert.All(Enumerable.Range(0, Cases.Length), number =>
        {
            input.X.grad = null;
            input.Y.grad = null;
            var value = Cases[number].Here(input);
            (value * NN.Values.Wave(5, value.shape)).sum().backward();

            NN.Values.Close(Numbers(number, "value"), value);
            Assert.Equal(Numbers(number, "shape"), value.shape.Select(size => (double)size));
            NN.Values.Close(Numbers(number, "x"), input.X.grad ?? zeros(0));
            NN.Values.Close(Numbers(number, "y"), input.Y.grad ?? zeros(0));
        });

        double[] Numbers(int number, string part) =>
            expected[number].GetProperty(part).EnumerateArray().Select(item => item.GetDouble()).ToArray();
    }

    private static string Script() =>
        """
        import json, math, sys
        import torch
        def wave(seed, *shape):
            return torch.tensor([math.sin(seed + i) for i in range(math.prod(shape))], dtype=torch.float64).reshape(shape)
        def flat(t):
            return [] if t is None else [float(v) for v in t.detach().double().flatten()]
        x, y = wave(1, 3, 4).requires_grad_(), wave(2, 4, 3).requires_grad_()
        i, m = torch.tensor([2, 0]), wave(3, 3, 4) > 0.1
        out = []
        for expression in CASES:
            x.grad = y.grad = None
            v = eval(expression)
            (v * wave(5, *v.shape)).sum().backward()
            out.append({'value': flat(v), 'shape': list(v.shape), 'x': flat(x.grad), 'y': flat(y.grad)})
        json.dump(out, sys.stdout)
        """.Replace("CASES", JsonSerializer.Serialize(Cases.Select(item => item.Python)));

    private sealed record Inputs(Tensor X, Tensor Y, Tensor Places, Tensor Mask);
}
