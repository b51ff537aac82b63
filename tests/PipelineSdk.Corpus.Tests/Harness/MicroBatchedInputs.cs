using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>The inputs of a step, whole and in the slices that the micro-batches get.</summary>
internal sealed class MicroBatchedInputs
{
    private readonly IReadOnlyList<bool> replicated;
    private readonly List<(object?[] Inputs, Tensor? Target, double Weight)> parts = [];

    public MicroBatchedInputs(IReadOnlyList<bool> replicated, object?[] inputs, Tensor? target, int count)
    {
        this.replicated = replicated;
        Inputs = inputs;
        Target = target;
        var samples = inputs.OfType<Tensor>().First().shape[0];
        for (long i = 0, start = 0; i < count; i++)
        {
            var size = samples / count + (i < samples % count ? 1 : 0);
            var from = start;
            parts.Add(([.. inputs.Select((input, slot) => Slice(input, slot, from, size))], target?.narrow(0, from, size), (double)size / samples));
            start += size;
        }
    }

    public object?[] Inputs { get; }

    public Tensor? Target { get; }

    /// <summary>What each micro-batch gets, and its share of the samples.</summary>
    public IReadOnlyList<(object?[] Inputs, Tensor? Target, double Weight)> Parts => parts;

    private object? Slice(object? input, int slot, long start, long size)
        => input is Tensor tensor && !replicated[slot] ? tensor.narrow(0, start, size) : input;
}
