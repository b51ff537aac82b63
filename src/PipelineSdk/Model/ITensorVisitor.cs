using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>Looks at, and may replace, the tensors of a <see cref="Boundary"/>.</summary>
public interface ITensorVisitor
{
    /// <summary>Called once per tensor.</summary>
    /// <param name="slot">The slot's number in the boundary, counting slots of all types.</param>
    /// <param name="tensor">The tensor in the slot, or null; what is assigned here is stored in the slot.</param>
    void Visit(int slot, ref torch.Tensor? tensor);
}
