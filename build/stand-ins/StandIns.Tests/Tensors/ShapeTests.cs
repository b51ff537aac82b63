using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class ShapeTests
{
    [Fact]
    public void Views_share_memory_and_keep_order()
    {
        using var scope = NewDisposeScope();
        var x = arange(6).to_type(ScalarType.Float32);

        x.view(2, 3)[1, 2] = 9f;

        AreEqual(x, 0, 1, 2, 3, 4, 9);
        AreEqual(x.reshape(2, 3).t(), 0, 3, 1, 4, 2, 9);
        AreEqual(x.view(1, 2, 3).permute(2, 1, 0)[0, 1], 3);
        Assert.Equal([3, 2, 1], x.view(1, 2, 3).T.shape);
        Assert.False(x.view(2, 3).t().is_contiguous());
        Assert.Equal([1, 3], x.view(2, 3).t().stride());
        Assert.True(x.view(2, 3).t().contiguous().is_contiguous());
    }

    [Fact]
    public void Dimensions_of_one_come_and_go()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 1, 3);

        Assert.Equal([2, 3], x.squeeze().shape);
        Assert.Equal([2, 3], x.squeeze(1).shape);
        Assert.Equal([2, 1, 3], x.squeeze(0).shape);
        Assert.Equal([2, 1, 1, 3], x.unsqueeze(-2).shape);
        Assert.Equal([6], x.flatten().shape);
        Assert.Equal([2, 3], x.flatten(1).shape);
        Assert.Equal([2, 1, 3, 1], x.unflatten(2, 3, 1).shape);
        Assert.Equal([2, 4, 3], x.expand(-1, 4, -1).shape);
        Assert.Equal([4, 1, 6], x.repeat(2, 1, 2).shape);
        Assert.Equal([3, 1, 2], x.transpose(0, -1).shape);
    }

    [Fact]
    public void Parts_and_wholes_are_inverse()
    {
        using var scope = NewDisposeScope();
        var x = arange(10).to_type(ScalarType.Float32);

        AreEqual(cat(x.split(4)), Of(x));
        Assert.Equal([4, 4, 2], x.split(4).Select(part => part.size(0)));
        Assert.Equal([3, 7], x.split([3, 7]).Select(part => part.size(0)));
        Assert.Equal([4, 4, 2], x.chunk(3).Select(part => part.size(0)));
        Assert.Equal([4, 3, 3], x.tensor_split(3).Select(part => part.size(0)));
        AreEqual(stack(x.unbind()), Of(x));
        AreEqual(x.narrow(0, 2, 3), 2, 3, 4);
        AreEqual(x.slice(0, 1, 8, 3), 1, 4, 7);
        AreEqual(x.roll(3)[0], 7);
        AreEqual(x.flip(0)[0], 9);
        AreEqual(vstack([x[..2], x[2..4]]), 0, 1, 2, 3);
        AreEqual(x[..2].repeat_interleave(2), 0, 0, 1, 1);
    }

    [Fact]
    public void Triangles_and_diagonals()
    {
        using var scope = NewDisposeScope();
        var x = ones(2, 2);

        AreEqual(x.tril(), 1, 0, 1, 1);
        AreEqual(x.triu(1), 0, 1, 0, 0);
        AreEqual(F(1, 2).diag(), 1, 0, 0, 2);
        AreEqual(x.diagonal(), 1, 1);
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_an_error_of_one_line()
    {
        using var x = zeros(4);

        var error = Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => x.view(3));

        Assert.Equal("shape '[3]' is invalid for input of size 4", error.Message);
    }
}
