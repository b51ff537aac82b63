using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// libtorch refuses in-place operations on a leaf that requires a gradient, and on a view of one; and the sender may still need the
/// values. A clone is neither. Values that a segment never mentions need none.
/// </summary>
internal sealed class LeafGuard<TModel> : ITensorVisitor
    where TModel : nn.Module
{
    private readonly List<(Tensor Leaf, Tensor Copy)> copies = [];
    private PipelineSegment<TModel>? segment;
    private List<Tensor?> leaves = null!;
    private ReceivedValues? held;
    private bool replacing;

    /// <summary>Puts clones in the place of leaves that require a gradient.</summary>
    /// <param name="next">The segment that the boundary goes to; null where all of its values are used.</param>
    /// <param name="boundary">The boundary.</param>
    /// <param name="received">The leaves.</param>
    /// <param name="hold">Where what needs no gradient must survive too: takes a copy of it. Null where it need not.</param>
    public void Protect(PipelineSegment<TModel>? next, Boundary boundary, List<Tensor?> received, ReceivedValues? hold = null)
    {
        (segment, leaves, held) = (next, received, hold);
        copies.Clear();
        replacing = false;
        boundary.VisitTensors(this);
        if (copies.Count == 0) return;
        replacing = true;
        boundary.VisitTensors(this);
        copies.Clear();
    }

    public void Visit(int slot, ref Tensor? tensor)
    {
        if (tensor is null) return;
        var copy = Find(tensor);
        if (replacing)
        {
            if (copy is not null) tensor = copy;
            return;
        }

        if (copy is not null || segment?.Uses(slot) == false || SameTensor.IndexIn(leaves, tensor) is not (>= 0 and var index)) return;
        if (tensor.requires_grad) copies.Add((tensor, tensor.clone()));
        else held?.Keep(index, tensor);
    }

    private Tensor? Find(Tensor leaf)
    {
        foreach (var (known, copy) in copies)
        {
            if (ReferenceEquals(known, leaf)) return copy;
        }

        return null;
    }
}
