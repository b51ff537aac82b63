using TorchSharp;
using Xunit;

namespace StandIns.Tests;

/// <summary>Shorthand for comparing what a tensor holds with numbers written in a test.</summary>
internal static class Values
{
    public static float[] Of(torch.Tensor tensor)
    {
        using var here = torch.NewDisposeScope();
        return tensor.detach().to_type(torch.ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    public static void AreEqual(torch.Tensor tensor, params float[] expected) => Assert.Equal(expected, Of(tensor));

    public static void AreClose(torch.Tensor tensor, params double[] expected)
    {
        var actual = Of(tensor);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(actual[i] - expected[i]) <= 1e-5 * Math.Max(1, Math.Abs(expected[i])),
                $"element {i}: expected {expected[i]}, got {actual[i]}");
    }

    public static torch.Tensor F(params float[] values) => torch.tensor(values);
}
