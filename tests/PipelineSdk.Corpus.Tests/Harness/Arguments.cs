using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>Reads the arguments of a model.</summary>
public static class Arguments
{
    /// <summary>The tensor at <paramref name="index"/>; null where there is none.</summary>
    public static Tensor T(this object?[] arguments, int index) => (Tensor)arguments[index]!;
}
