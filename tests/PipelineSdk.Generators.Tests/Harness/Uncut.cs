using PipelineSdk.Generators.Models;
using static TorchSharp.torch;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Takes the tensors out of the result of a model, whatever its shape.</summary>
internal static class Uncut
{
    public static IReadOnlyList<Tensor> TensorsOf(object? result) => result switch
    {
        Tensor tensor => [tensor],
        System.Runtime.CompilerServices.ITuple tuple => [.. Enumerable.Range(0, tuple.Length).SelectMany(i => TensorsOf(tuple[i]))],
        Scored scored => [scored.Scores, scored.Side, .. scored.Features.Values.SelectMany(tensors => tensors)],
        _ => [],
    };

    /// <summary>The exact bits of a float tensor.</summary>
    public static float[] Bits(Tensor tensor)
    {
        using var dense = tensor.detach().contiguous();
        return dense.data<float>().ToArray();
    }
}
