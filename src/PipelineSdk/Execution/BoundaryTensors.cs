using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Reaches all tensors of a boundary.</summary>
internal static class BoundaryTensors
{
    /// <summary>Disposes the tensors of a boundary and empties it.</summary>
    public static void Dispose(Boundary boundary)
    {
        foreach (var tensor in List(boundary)) tensor?.Dispose();
        boundary.Clear();
    }

    /// <summary>The tensors, in the order in which the boundary shows them.</summary>
    public static List<Tensor?> List(Boundary boundary)
    {
        var collector = new Collector();
        boundary.VisitTensors(collector);
        return collector.Tensors;
    }

    private sealed class Collector : ITensorVisitor
    {
        public List<Tensor?> Tensors { get; } = [];

        public void Visit(int slot, ref Tensor? tensor) => Tensors.Add(tensor);
    }
}
