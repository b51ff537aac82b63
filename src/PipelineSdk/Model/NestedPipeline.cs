using System.Runtime.CompilerServices;
using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>
/// Runs a submodule that is itself a pipeline class piece by piece, so that a stage of the outer model may begin inside it. Called by
/// generated code.
/// </summary>
public static class NestedPipeline
{
    /// <summary>The boundary before the inner model's first piece.</summary>
    /// <param name="model">The inner model.</param>
    /// <param name="arguments">The arguments of its <c>forward</c>, in order.</param>
    /// <exception cref="ArgumentException">The arguments do not fit.</exception>
    public static Boundary Begin<TInner>(TInner model, object?[] arguments)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
        => TInner.Blueprint.BindInputs(new ModelInputs(arguments));

    /// <summary>Runs the pieces <paramref name="start"/> up to, not including, <paramref name="end"/>.</summary>
    /// <param name="model">The inner model.</param>
    /// <param name="boundary">The boundary before the first of them.</param>
    /// <param name="start">The first piece, counted from 0.</param>
    /// <param name="end">The first piece that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <returns>The boundary after the last of them.</returns>
    public static Boundary Forward<TInner>(TInner model, Boundary boundary, int start, int end)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
    {
        foreach (var segment in ElementRange.Of(Pieces(model), start, end).SelectMany(static piece => piece))
        {
            var output = segment.CreateOutput();
            segment.Forward(model, boundary, output);
            boundary = output;
        }

        return boundary;
    }

    /// <summary>The inner model's result, out of the boundary after its last piece.</summary>
    public static object? Result<TInner>(TInner model, Boundary boundary)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
        => TInner.Blueprint.GetResult(boundary);

    /// <summary>Into how many pieces the inner model can be divided: its stages where they are pinned, else its segments.</summary>
    public static int Count<TInner>(TInner model)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
        => Pieces(model).Count;

    /// <summary>Shows the tensors of a boundary inside a boundary, in a copy of its own, under the slot that holds it.</summary>
    /// <param name="boundary">The inner boundary, or null.</param>
    /// <param name="slot">The slot of the outer one.</param>
    /// <param name="visitor">Looks at the tensors.</param>
    public static void VisitTensors(ref Boundary? boundary, int slot, ITensorVisitor visitor)
    {
        if (boundary is null) return;
        boundary = boundary.Clone();
        boundary.VisitTensors(new InSlot(slot, visitor));
    }

    internal static IReadOnlyList<IReadOnlyList<PipelineSegment<TInner>>> Pieces<TInner>(TInner model)
        where TInner : torch.nn.Module, IPipelineModel<TInner>
        => Known<TInner>.Pieces.GetValue(model, static inner => TInner.Blueprint.PiecesOf(inner));

    // A model is divided once, not at every call.
    private static class Known<TInner>
        where TInner : torch.nn.Module, IPipelineModel<TInner>
    {
        public static readonly ConditionalWeakTable<TInner, IReadOnlyList<IReadOnlyList<PipelineSegment<TInner>>>> Pieces = [];
    }

    private sealed class InSlot(int outer, ITensorVisitor visitor) : ITensorVisitor
    {
        public void Visit(int slot, ref torch.Tensor? tensor) => visitor.Visit(outer, ref tensor);
    }
}
