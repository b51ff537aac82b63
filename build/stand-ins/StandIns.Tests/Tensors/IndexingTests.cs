using TorchSharp;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class IndexingTests
{
    private static Tensor Counting() => arange(12).reshape(3, 4).to_type(ScalarType.Float32);

    [Fact]
    public void Positions_ranges_and_steps_select()
    {
        using var scope = NewDisposeScope();
        var x = Counting();

        AreEqual(x[1], 4, 5, 6, 7);
        AreEqual(x[-1, -1], 11);
        AreEqual(x[1..], 4, 5, 6, 7, 8, 9, 10, 11);
        AreEqual(x[.., 1..3][0], 1, 2);
        AreEqual(x[^1], 8, 9, 10, 11);
        AreEqual(x[..^1, 0], 0, 4);
        AreEqual(x[TensorIndex.Slice(step: 2), TensorIndex.Single(0)], 0, 8);
        AreEqual(x[TensorIndex.Ellipsis, 3], 3, 7, 11);
        AreEqual(x[TensorIndex.Colon, 0], 0, 4, 8);
        Assert.Equal([3, 1, 4], x[TensorIndex.Colon, TensorIndex.None].shape);
        Assert.Equal([1, 3, 4], x[TensorIndex.Null].shape);
    }

    [Fact]
    public void Tensors_of_positions_and_masks_select()
    {
        using var scope = NewDisposeScope();
        var x = Counting();
        var rows = tensor(new long[] { 0, 2 });

        AreEqual(x[rows], 0, 1, 2, 3, 8, 9, 10, 11);
        AreEqual(x[rows, tensor(new long[] { 1, 3 })], 1, 11);
        AreEqual(x[TensorIndex.Colon, TensorIndex.Tensor(rows)], 0, 2, 4, 6, 8, 10);
        AreEqual(x[TensorIndex.Single(1), TensorIndex.Tensor(rows)], 4, 6);
        AreEqual(x[x > 9], 10, 11);
        AreEqual(x[TensorIndex.Tensor(x > 9)], 10, 11);
    }

    [Fact]
    public void Assignments_write_through()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);

        x[0] = ones(3);
        x[1, 2] = tensor(7f);
        x[TensorIndex.Colon, 1] = F(8, 9);
        AreEqual(x, 1, 8, 1, 0, 9, 7);

        x[x > 7] = tensor(-1f);
        AreEqual(x, 1, -1, 1, 0, -1, 7);

        x.index_put_(F(1, 1), [tensor(new long[] { 0, 0 }), tensor(new long[] { 0, 0 })], accumulate: true);
        AreEqual(x[0, 0], 3);
    }

    [Fact]
    public void A_slice_is_a_view_and_an_index_tensor_copies()
    {
        using var scope = NewDisposeScope();
        var x = zeros(3);

        x[1..].add_(1);
        x[tensor(new long[] { 0 })].add_(5);

        AreEqual(x, 0, 1, 1);
    }

    [Fact]
    public void Gather_scatter_and_masks()
    {
        using var scope = NewDisposeScope();
        var x = Counting();
        var column = tensor(new long[] { 3, 0, 1 }).unsqueeze(1);

        AreEqual(x.gather(1, column), 3, 4, 9);
        AreEqual(zeros(3, 4).scatter_(1, column, ones(3, 1)).sum(dim: 0), 1, 1, 0, 1);
        AreEqual(zeros(2).scatter_add(0, tensor(new long[] { 1, 1 }), F(2, 3)), 0, 5);
        AreEqual(x.index_select(1, tensor(new long[] { 0 })), 0, 4, 8);
        AreEqual(x.masked_select(x < 2), 0, 1);
        AreEqual(x.masked_fill(x > 0, -1).sum(), -11);
        AreEqual(torch.where(x > 10, x, zeros_like(x)).sum(), 11);
        AreEqual(x.take(tensor(new long[] { 11, 0 })), 11, 0);
    }

    [Fact]
    public void Indices_out_of_bounds_or_too_many_are_refused()
    {
        using var x = zeros(2);

        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => x[5]);
        Assert.Throws<IndexOutOfRangeException>(() => x[0, 0]);
    }

    [Fact]
    public void Indexing_leaves_no_tensor_behind()
    {
        using var x = Counting();
        using var rows = tensor(new long[] { 0, 2 });
        var before = Tensor.TotalCount;

        x[1..3, 1..].Dispose();
        x[TensorIndex.Single(0), TensorIndex.None, TensorIndex.Slice(1, 3)].Dispose();
        x[TensorIndex.Slice(0, 2), TensorIndex.Tensor(rows)].Dispose();
        x[TensorIndex.Ellipsis].Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }
}
