using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Puts the results of the micro-batches together again, in the order of the inputs.</summary>
/// <remarks>
/// Tensors are concatenated along the dimension that counts samples: those of lists number by number, those of dictionaries key by key. A scalar
/// tensor is a figure of its micro-batch, such as a loss that the model computes itself: it becomes the weighted sum, as the loss of the
/// mini-batch is. What is no tensor, and the order of keys, is that of the first micro-batch.
/// </remarks>
internal static class ResultMerger
{
    /// <summary>A boundary with the results of the whole mini-batch. Its tensors belong to the caller's dispose scope.</summary>
    /// <param name="batch">The micro-batches, with their results.</param>
    /// <param name="slots">The slots of the results, for errors.</param>
    /// <param name="dimension">The dimension that counts samples.</param>
    /// <exception cref="InvalidOperationException">A tensor or an element is there in one micro-batch and not in another.</exception>
    public static Boundary Merge(MicroBatches batch, IReadOnlyList<BoundarySlot> slots, int dimension)
    {
        var parts = batch.Results.Select(result => Collector.Of(result!)).ToList();
        for (var i = 1; i < parts.Count; i++) RequireSame(parts[0], parts[i], i, slots);
        var whole = batch.Results[0]!.Clone();
        whole.VisitTensors(new Replacer(place => Merge([.. parts.Select(part => part[place])], batch.Weights.OfLosses, dimension)));
        return whole;
    }

    private static void RequireSame(
        Dictionary<TensorPlace, Tensor?> first, Dictionary<TensorPlace, Tensor?> other, int microBatch, IReadOnlyList<BoundarySlot> slots)
    {
        foreach (var (place, tensor) in first)
        {
            if (!other.TryGetValue(place, out var counterpart) || (tensor is not null && counterpart is null)) throw Differ(place, 0, microBatch);
            if (tensor is null && counterpart is not null) throw Differ(place, microBatch, 0);
        }

        foreach (var place in other.Keys)
        {
            if (!first.ContainsKey(place)) throw Differ(place, microBatch, 0);
        }

        InvalidOperationException Differ(TensorPlace place, int has, int lacks) => new(
            $"The results of the micro-batches can't be put together: {place.In(slots)} is there in micro-batch {has}, but not in micro-batch "
            + $"{lacks}. Return the same elements, and null in the same places, for every micro-batch.");
    }

    private static Tensor? Merge(Tensor?[] parts, IReadOnlyList<double> weights, int dimension) => parts switch
    {
        [null, ..] => null,
        [{ } only] => only.alias(),
        [{ ndim: 0 }, ..] => parts.Select((part, i) => part! * weights[i]).Aggregate(static (sum, next) => sum + next),
        _ => cat([.. parts.Select(part => part!)], dimension),
    };

    /// <summary>Notes elements, without a tensor, and tensors by their places.</summary>
    private sealed class Collector : IElementVisitor
    {
        private readonly ElementPath path = new();
        private readonly Dictionary<TensorPlace, Tensor?> found = [];

        public static Dictionary<TensorPlace, Tensor?> Of(Boundary boundary)
        {
            var collector = new Collector();
            boundary.VisitTensors(collector);
            return collector.found;
        }

        public void Enter(int slot, int depth, object key)
        {
            path.Enter(slot, depth, key);
            found.Add(path.Element(), null);
        }

        public void Visit(int slot, ref Tensor? tensor) => found.Add(path.Next(slot), tensor);
    }

    private sealed class Replacer(Func<TensorPlace, Tensor?> replacement) : IElementVisitor
    {
        private readonly ElementPath path = new();

        public void Enter(int slot, int depth, object key) => path.Enter(slot, depth, key);

        public void Visit(int slot, ref Tensor? tensor) => tensor = replacement(path.Next(slot));
    }
}
