using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

/// <summary>Tensors from numbers and back.</summary>
internal static class Values
{
    public static Tensor Of(long[] shape, params double[] values)
    {
        using var flat = tensor(values, ScalarType.Float64);
        return flat.reshape(shape);
    }

    public static Tensor Of(params double[] values) => Of([values.Length], values);

    public static Tensor OfLongs(long[] shape, params long[] values)
    {
        using var flat = tensor(values, ScalarType.Int64);
        return flat.reshape(shape);
    }

    /// <summary>sin(seed), sin(seed + 1), … in this shape: the same numbers in every language.</summary>
    public static Tensor Wave(double seed, params long[] shape)
        => Of(shape, [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => Math.Sin(seed + i))]);

    public static double[] Read(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        return tensor.to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    public static double Single(Tensor tensor) => Assert.Single(Read(tensor));

    /// <summary>The elements differ by at most the tolerance, relative to values above one.</summary>
    public static void Close(IReadOnlyList<double> expected, Tensor actual, double tolerance = 1e-12)
    {
        var values = Read(actual);
        Assert.Equal(expected.Count, values.Length);
        for (var i = 0; i < values.Length; i++)
            Assert.True(
                Math.Abs(values[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])) || values[i].Equals(expected[i]),
                $"element {i}: {values[i]:R}, expected {expected[i]:R}");
    }

    public static void Same(Tensor expected, Tensor actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.shape, actual.shape);
        Close(Read(expected), actual, tolerance);
    }

    /// <summary>Sets a parameter or buffer without autograd.</summary>
    public static void Set(Tensor target, params double[] values)
    {
        using var untracked = no_grad();
        using var source = Of(target.shape, values);
        Op.Run("aten::copy_", target, source);
    }

    /// <summary>Sum(output · weights), so that each element has a gradient of its own.</summary>
    public static void Backward(Tensor output, Tensor weights)
    {
        using var product = Op.Call("aten::mul.Tensor", output, weights);
        using var sum = Op.Call("aten::sum", product);
        sum.backward();
    }

    public static double[] Gradient(Tensor tensor)
    {
        using var gradient = tensor.grad;
        return Read(Assert.IsType<Tensor>(gradient));
    }
}
