using TorchSharp;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class ReductionTests
{
    [Fact]
    public void Sums_and_means_run_over_all_or_the_named_dimensions()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).reshape(2, 3).to_type(ScalarType.Float32);

        AreEqual(x.sum(), 15);
        AreEqual(x.sum(dim: 0), 3, 5, 7);
        AreEqual(x.sum(1, keepdim: true), 3, 12);
        Assert.Equal([2, 1], x.sum(1, keepdim: true).shape);
        AreEqual(x.sum(new long[] { 0, 1 }), 15);
        AreEqual(x.mean(), 2.5f);
        AreEqual(x.mean([1]), 1, 4);
        AreEqual(x[.., 1..].prod(1), 2, 20);
        AreEqual(x.cumsum(1), 0, 1, 3, 3, 7, 12);
        Assert.Equal(ScalarType.Float64, x.sum(0, type: ScalarType.Float64).dtype);
    }

    [Fact]
    public void Extremes_come_with_their_places()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1f, 5f, 3f }, { 9f, 7f, 8f } });

        var (values, places) = x.max(1);
        AreEqual(values, 5, 9);
        AreEqual(places, 1, 0);
        AreEqual(x.min(), 1);
        AreEqual(x.argmax(), 3);
        AreEqual(x.argmin(1), 0, 1);
        AreEqual(x.amax(0), 9, 7, 8);
        AreEqual(x.amin([0, 1]), 1);
        AreEqual(maximum(x[0], x[1] - 6), 3, 5, 3);

        var (best, where) = x.topk(2, 1);
        AreEqual(best, 5, 3, 9, 8);
        AreEqual(where, 1, 2, 0, 2);
        AreEqual(x.sort(1, descending: true).Values, 5, 3, 1, 9, 8, 7);
        AreEqual(x.argsort(1), 0, 2, 1, 1, 2, 0);
        AreEqual(x.median(), 5);
    }

    [Fact]
    public void Spread_is_unbiased_unless_asked_otherwise()
    {
        using var scope = NewDisposeScope();
        var x = F(1, 2, 3, 4);

        AreClose(x.var(), 5.0 / 3);
        AreClose(x.var(unbiased: false), 1.25);
        AreClose(x.std(0), Math.Sqrt(5.0 / 3));
        AreClose(x.std([0], unbiased: false, keepdim: true), Math.Sqrt(1.25));
        AreClose(x.std_mean().mean, 2.5);
        AreClose(x.norm(), Math.Sqrt(30));
        AreClose(x.reshape(2, 2).norm(1, p: 1), 3, 7);
    }

    [Fact]
    public void Truth_of_all_any_and_counts()
    {
        using var scope = NewDisposeScope();
        var x = F(0, 1, 2);

        Assert.False(x.all().ToBoolean());
        Assert.True(x.any().item<bool>());
        Assert.Equal(2, x.count_nonzero().ToInt64());
        Assert.True(x.allclose(F(0, 1, 2.000001f)));
        Assert.True(x.Equals(F(0, 1, 2)));
        Assert.False(x.Equals(F(0, 1, 3)));
        AreEqual(F(1, float.NaN).isnan(), 0, 1);
        Assert.Equal([1L, 2], x.nonzero().squeeze(1).data<long>().ToArray());
    }

    [Fact]
    public void Unique_values_come_with_counts_when_asked()
    {
        using var scope = NewDisposeScope();

        var (output, inverse, counts) = F(3, 1, 3).unique(return_counts: true);

        AreEqual(output, 1, 3);
        Assert.Null(inverse);
        AreEqual(counts!, 1, 2);
    }
}
