using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Copies a boundary with the values of its tensors, so that what runs on the copy changes nothing of the original.</summary>
/// <remarks>One tensor under two names stays one tensor. The copies belong to no dispose scope: whoever takes the boundary owns them.</remarks>
internal sealed class BoundaryCopy : ITensorVisitor
{
    private readonly List<(Tensor Original, Tensor Copy)> copies = [];
    private readonly bool keepRequiresGrad;

    private BoundaryCopy(bool keepRequiresGrad) => this.keepRequiresGrad = keepRequiresGrad;

    /// <param name="original">The boundary; left as it is.</param>
    /// <param name="keepRequiresGrad">Whether the copy of a tensor that requires a gradient requires one; otherwise none does.</param>
    public static Boundary Of(Boundary original, bool keepRequiresGrad)
    {
        var copy = original.Clone();
        copy.VisitTensors(new BoundaryCopy(keepRequiresGrad));
        return copy;
    }

    public void Visit(int slot, ref Tensor? tensor)
    {
        if (tensor is null) return;
        foreach (var (original, copy) in copies)
        {
            if (!ReferenceEquals(original, tensor)) continue;
            tensor = copy;
            return;
        }

        using var detached = tensor.detach();
        var copied = detached.clone().DetachFromDisposeScope();
        if (keepRequiresGrad && tensor.requires_grad) copied.requires_grad_();
        copies.Add((tensor, copied));
        tensor = copied;
    }
}
