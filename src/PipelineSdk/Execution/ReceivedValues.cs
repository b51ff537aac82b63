using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>What a stage received of one micro-batch, held as it was, so that its forward can be run on it once more.</summary>
/// <remarks>
/// A tensor that requires a gradient stays as it is: segments get clones of it (<see cref="LeafGuard{TModel}"/>). Any other may be changed in
/// place, by this stage or by one that it is handed on to, so a copy is taken before the first segment that uses it.
/// </remarks>
internal sealed class ReceivedValues : ITensorVisitor
{
    private readonly List<Tensor?> copies = [];
    private Boundary? values;
    private List<Tensor?> inputs = null!;

    /// <summary>Whether a second run is to come.</summary>
    public bool IsHeld => values is not null;

    /// <summary>The buffers that the first run changed, as they were before it; null where it changed none.</summary>
    public BufferValues? Buffers { get; private set; }

    /// <summary>Whether the backward that the second run is for is split.</summary>
    public bool Split { get; private set; }

    /// <summary>Before the first run: holds the values of a boundary.</summary>
    /// <param name="received">The boundary; its collections are its own again as soon as somebody visits it.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="split">Whether the backward is split.</param>
    /// <param name="buffers">The stage's buffers.</param>
    public void Hold(Boundary received, List<Tensor?> tensors, bool split, StageBuffers buffers)
    {
        Buffers = buffers.Take();
        values = received.Clone();
        Split = split;
        foreach (var _ in tensors) copies.Add(null);
    }

    /// <summary>During the first run: copies a tensor that may be changed from now on.</summary>
    public void Keep(int index, Tensor tensor) => copies[index] ??= tensor.clone().DetachFromDisposeScope();

    /// <summary>After the first run: copies take the place of what they were copied from.</summary>
    public void Close(List<Tensor?> tensors)
    {
        inputs = tensors;
        values!.VisitTensors(this);
        for (var i = 0; i < copies.Count; i++)
        {
            if (copies[i] is not { } copy) continue;
            inputs[i]!.Dispose();
            inputs[i] = copy;
        }

        copies.Clear();
        Buffers!.DropUnchanged();
    }

    /// <summary>Gives the values away to the second run; nothing is held any longer.</summary>
    public Boundary Take()
    {
        var taken = values!;
        values = null;
        return taken;
    }

    /// <summary>Forgets the values, and disposes those of buffers and copies that have not become inputs.</summary>
    public void Release()
    {
        values = null;
        Buffers?.Dispose();
        Buffers = null;
        MicroBatchState.ReleaseAll(copies);
    }

    public void Visit(int slot, ref Tensor? tensor)
    {
        if (tensor is not null && SameTensor.IndexIn(inputs, tensor) is >= 0 and var index && copies[index] is { } copy) tensor = copy;
    }
}
