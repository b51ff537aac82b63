using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// A mini-batch in pieces: what goes in, what comes out, per micro-batch. Belongs to the calling thread; a worker only touches
/// the elements of the micro-batch it works on.
/// </summary>
internal sealed class MicroBatches : IDisposable
{
    public MicroBatches(IReadOnlyList<long> sizes)
    {
        Samples = sizes.Sum();
        Sizes = sizes;
        Counts = [.. sizes.Select(size => (double)size)];
        Inputs = new Boundary?[sizes.Count];
        Targets = new IReadOnlyList<Tensor>[sizes.Count];
        Array.Fill(Targets, []);
        Results = new Boundary?[sizes.Count];
        Losses = new double[sizes.Count];
        InputGradients = new List<Tensor?>?[sizes.Count];
    }

    public int Count => Sizes.Count;

    public long Samples { get; }

    public IReadOnlyList<long> Sizes { get; }

    /// <summary>Over how many elements the loss of each is a mean: samples, unless the options count otherwise.</summary>
    public double[] Counts { get; }

    /// <summary>How the losses add up to that of the mini-batch, and what each weighs in the gradients; set before the step runs.</summary>
    public LossWeights Weights { get; set; } = null!;

    /// <summary>The first stage takes each over and leaves null.</summary>
    public Boundary?[] Inputs { get; }

    /// <summary>What the loss of each compares with; empty where it has nothing.</summary>
    public IReadOnlyList<Tensor>[] Targets { get; }

    /// <summary>The model's results; the last stage fills them where outputs are wanted.</summary>
    public Boundary?[] Results { get; }

    public double[] Losses { get; }

    /// <summary>What the first stage's backward hands back: gradients of inputs that require them.</summary>
    public List<Tensor?>?[] InputGradients { get; }

    /// <summary>Slices of inputs that require a gradient, with the graph back to the caller's tensors, by micro-batch.</summary>
    public List<(int MicroBatch, int Ordinal, Tensor Slice)> InputSlices { get; } = [];

    /// <summary>The loss of the mini-batch.</summary>
    public double TotalLoss()
    {
        var total = 0.0;
        for (var i = 0; i < Count; i++)
        {
            // A mean over nothing, as of a micro-batch of padding alone, is no number, and counts nothing.
            if (Weights.OfLosses[i] != 0) total += Weights.OfLosses[i] * Losses[i];
        }

        return total;
    }

    /// <summary>Hands the gradients of inputs that require one on to the caller's tensors, micro-batch by micro-batch.</summary>
    public void BackwardToInputs()
    {
        foreach (var (microBatch, ordinal, slice) in InputSlices)
        {
            if (InputGradients[microBatch]?[ordinal] is { } gradient) autograd.backward(slice, SameDevice.Beside(gradient, slice));
        }
    }

    /// <summary>Disposes what nobody took over.</summary>
    public void Dispose()
    {
        foreach (var input in Inputs) Dispose(input);
        foreach (var result in Results) Dispose(result);
        foreach (var target in Targets.SelectMany(static targets => targets)) target.Dispose();
        foreach (var (_, _, slice) in InputSlices) slice.Dispose();
        foreach (var gradients in InputGradients)
        {
            if (gradients is not null) MicroBatchState.ReleaseAll(gradients);
        }
    }

    private static void Dispose(Boundary? boundary)
    {
        if (boundary is not null) BoundaryTensors.Dispose(boundary);
    }
}
