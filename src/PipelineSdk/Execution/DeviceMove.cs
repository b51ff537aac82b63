using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Moves what one stage hands to another that computes on another device. The receiver does it, on its thread.</summary>
/// <remarks>
/// A tensor that lies elsewhere than its sender computes is where the model has put it, such as lengths that must be on the CPU: it stays there, as it does
/// in the uncut model.
/// </remarks>
internal sealed class DeviceMove : ITensorVisitor
{
    private readonly List<(Tensor Received, Tensor Moved)> moved = [];
    private readonly Device? from;
    private readonly Device to;

    private DeviceMove(Device? from, Device to)
    {
        this.from = from;
        this.to = to;
    }

    /// <summary>The way from one device to another; null where they are the same, so that nothing is looked at.</summary>
    /// <param name="from">Where the sender computes; null moves tensors from wherever they are.</param>
    /// <param name="to">Where the receiver computes.</param>
    public static DeviceMove? Between(Device? from, Device to) => from is not null && SameDevice.Are(from, to) ? null : new DeviceMove(from, to);

    /// <summary>
    /// Puts moved tensors in the place of a boundary's own, which it disposes. One tensor under two names stays one; a leaf that requires a gradient becomes a leaf
    /// that does.
    /// </summary>
    /// <param name="received">The boundary; emptied where it fails.</param>
    public void Move(Boundary received)
    {
        try
        {
            received.VisitTensors(this);
            foreach (var (old, _) in moved) old.Dispose();
        }
        catch
        {
            foreach (var (_, copy) in moved) copy.Dispose();
            BoundaryTensors.Dispose(received);
            throw;
        }
        finally
        {
            moved.Clear();
        }
    }

    /// <summary>Moves one tensor that belongs to no dispose scope, with its graph, and disposes it; where it is there already, it is left alone.</summary>
    public Tensor Move(Tensor tensor)
    {
        if (!Takes(tensor)) return tensor;
        using (tensor) return tensor.to(to).DetachFromDisposeScope();
    }

    public void Visit(int slot, ref Tensor? tensor)
    {
        if (tensor is null) return;
        foreach (var (received, copy) in moved)
        {
            if (!ReferenceEquals(received, tensor)) continue;
            tensor = copy;
            return;
        }

        if (!Takes(tensor)) return;
        var own = Copy(tensor);
        moved.Add((tensor, own));
        tensor = own;
    }

    private bool Takes(Tensor tensor) => from is null ? !SameDevice.IsOn(tensor, to) : SameDevice.IsOn(tensor, from);

    private Tensor Copy(Tensor tensor)
    {
        // Not through the graph: a moved leaf would be none.
        using var values = tensor.detach();
        var copy = values.to(to).DetachFromDisposeScope();
        if (tensor.requires_grad) copy.requires_grad_();
        return copy;
    }
}
