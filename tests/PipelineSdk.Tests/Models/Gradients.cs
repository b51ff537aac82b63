using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Models;

/// <summary>Takes and compares the gradients of a model's parameters.</summary>
internal static class Gradients
{
    /// <summary>Copies of all gradients, by parameter name; the model's own are set to none unless <paramref name="clear"/> is false.</summary>
    public static Dictionary<string, Tensor> Take(nn.Module model, bool clear = true)
    {
        var taken = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient) taken[name] = gradient.clone();
            if (clear) parameter.grad = null;
        }

        return taken;
    }

    public static void AssertEqual(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected.Keys, name => Assert.True(
            expected[name].Equals(actual[name]),
            $"{name}: largest difference {(expected[name] - actual[name]).abs().max().ToSingle()}"));
    }

    public static void AssertClose(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected.Keys, name => Assert.True(
            expected[name].allclose(actual[name], rtol: 1e-4, atol: 1e-5),
            $"{name}: largest difference {(expected[name] - actual[name]).abs().max().ToSingle()}"));
    }
}
