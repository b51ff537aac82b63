using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Notes the tensors of an incoming boundary, each once.</summary>
/// <param name="arrivals">Moves them to where the stage computes first; null where they are there.</param>
internal sealed class BoundaryReceiver(DeviceMove? arrivals = null) : ITensorVisitor
{
    private List<Tensor?> inputs = null!;

    public void Receive(Boundary boundary, MicroBatchState state)
    {
        arrivals?.Move(boundary);
        inputs = state.Inputs;
        boundary.VisitTensors(this);
    }

    public void Visit(int slot, ref Tensor? tensor)
        => inputs.Add(tensor is null || SameTensor.IndexIn(inputs, tensor) >= 0 ? null : tensor);
}
