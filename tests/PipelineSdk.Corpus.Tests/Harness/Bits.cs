using System.Collections;
using System.Runtime.CompilerServices;
using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>Takes tensors out of models and results, and compares them bit for bit.</summary>
internal static class Bits
{
    public static Dictionary<string, Tensor> Gradients(nn.Module model)
    {
        var gradients = new Dictionary<string, Tensor>();
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (parameter.grad is { } gradient) gradients[name] = gradient;
        }

        Assert.NotEmpty(gradients);
        return gradients;
    }

    public static Dictionary<string, Tensor> Buffers(nn.Module model)
        => model.named_buffers().ToDictionary(entry => entry.name, entry => entry.buffer);

    /// <summary>
    /// The tensors in a result: itself, the elements of a tuple, array or collection, the fields and properties of an object. Those of a
    /// dictionary come in the order of its keys.
    /// </summary>
    public static IEnumerable<Tensor> TensorsOf(object? result) => result switch
    {
        null or string => [],
        Tensor tensor => [tensor],
        ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => TensorsOf(tuple[i])),
        IDictionary entries => entries.Keys.Cast<object>().Order().SelectMany(key => TensorsOf(entries[key])),
        IEnumerable elements => elements.Cast<object?>().SelectMany(TensorsOf),
        _ when result.GetType().Assembly != typeof(Bits).Assembly => [],
        _ => result.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => property.GetValue(result))
            .Concat(result.GetType().GetFields().Select(field => field.GetValue(result)))
            .SelectMany(TensorsOf),
    };

    public static void AssertEqual(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        Assert.All(expected.Keys, name => AssertEqual(name, expected[name], actual[name]));
    }

    /// <summary>Results of the micro-batches stand behind each other; scalars, such as a loss, are averaged by samples.</summary>
    public static void AssertMerged(
        IReadOnlyList<IReadOnlyList<Tensor>> expected, IReadOnlyList<double> weights, IReadOnlyList<Tensor> actual)
    {
        Assert.NotEmpty(actual);
        Assert.All(expected, part => Assert.Equal(part.Count, actual.Count));
        for (var i = 0; i < actual.Count; i++)
        {
            var parts = expected.Select(part => part[i]).ToList();
            if (actual[i].ndim == 0)
            {
                Assert.Equal(parts.Zip(weights, (part, weight) => weight * part.ToDouble()).Sum(), actual[i].ToDouble(), 1e-6);
            }
            else
            {
                AssertEqual($"result {i}", cat(parts), actual[i]);
            }
        }
    }

    private static void AssertEqual(string name, Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        Assert.Equal(expected.dtype, actual.dtype);
        Assert.True(
            expected.Equals(actual), $"{name}: largest difference {(expected.to(float64) - actual.to(float64)).abs().max().ToDouble():R}");
    }
}
