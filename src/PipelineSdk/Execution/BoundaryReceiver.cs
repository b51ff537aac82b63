using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Notes the tensors of an incoming boundary, each once.</summary>
internal sealed class BoundaryReceiver : ITensorVisitor
{
    private List<Tensor?> inputs = null!;

    public void Receive(Boundary boundary, MicroBatchState state)
    {
        inputs = state.Inputs;
        boundary.VisitTensors(this);
    }

    public void Visit(int slot, ref Tensor? tensor)
        => inputs.Add(tensor is null || SameTensor.IndexIn(inputs, tensor) >= 0 ? null : tensor);
}
