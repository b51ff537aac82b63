using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>The inputs of a step, whole and in the slices that the micro-batches get.</summary>
internal sealed class MicroBatchedInputs
{
    private readonly List<(object?[] Inputs, Tensor? Target, double Weight)> parts = [];

    /// <param name="inputs">The arguments of <c>forward</c>.</param>
    /// <param name="target">What the loss compares with.</param>
    /// <param name="count">The number of micro-batches.</param>
    /// <param name="samples">The number of samples.</param>
    /// <param name="slice">The rows of one argument, from a first one on: the argument, its position, the first row, the number of rows.</param>
    public MicroBatchedInputs(object?[] inputs, Tensor? target, int count, long samples, Func<object?, int, long, long, object?> slice)
    {
        Inputs = inputs;
        Target = target;
        for (long i = 0, start = 0; i < count; i++)
        {
            var size = samples / count + (i < samples % count ? 1 : 0);
            var from = start;
            parts.Add((
                [.. inputs.Select((input, position) => slice(input, position, from, size))],
                target?.narrow(0, from, size),
                (double)size / samples));
            start += size;
        }
    }

    public object?[] Inputs { get; }

    public Tensor? Target { get; }

    /// <summary>What each micro-batch gets, and its share of the samples.</summary>
    public IReadOnlyList<(object?[] Inputs, Tensor? Target, double Weight)> Parts => parts;
}
