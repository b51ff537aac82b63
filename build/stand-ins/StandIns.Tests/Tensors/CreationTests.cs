using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class CreationTests
{
    [Fact]
    public void Sizes_and_element_types_are_those_asked_for()
    {
        using var scope = NewDisposeScope();

        Assert.Equal([2, 3], zeros(2, 3).shape);
        Assert.Equal(ScalarType.Float32, ones(4).dtype);
        Assert.Equal(ScalarType.Float64, ones(new long[] { 4 }, ScalarType.Float64).dtype);
        Assert.Equal([1, 2, 3, 4], empty(1, 2, 3, 4).shape);
        Assert.Equal(ScalarType.Int64, full(2, 2, 7).dtype);
        Assert.Equal(ScalarType.Float32, full(2, 2, 7.5).dtype);
        Assert.Equal(ScalarType.Int64, randint(10, new long[] { 3 }).dtype);
        Assert.Equal(ScalarType.Float64, zeros(3).to_type(ScalarType.Float64).zeros_like().dtype);
    }

    [Fact]
    public void Arrays_of_every_rank_keep_their_shape_and_order()
    {
        using var scope = NewDisposeScope();

        Values.AreEqual(tensor(new[,] { { 1f, 2f }, { 3f, 4f } }), 1, 2, 3, 4);
        Assert.Equal([2, 2], tensor(new[,] { { 1, 2 }, { 3, 4 } }).shape);
        Assert.Equal([1, 1, 2], tensor(new long[1, 1, 2]).shape);
        Assert.Equal([2, 3], tensor(new float[] { 1, 2, 3, 4, 5, 6 }, new long[] { 2, 3 }).shape);
        Assert.Empty(tensor(3.5f).shape);
        Assert.Equal(ScalarType.Bool, tensor(new[] { true, false }).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1, 2 }, dtype: ScalarType.Float32).dtype);
    }

    [Fact]
    public void Tensor_copies_an_array_and_from_array_shares_it()
    {
        using var scope = NewDisposeScope();
        var array = new float[] { 1, 2, 3 };

        var copy = tensor(array);
        var shared = from_array(array);
        array[0] = 9;

        Values.AreEqual(copy, 1, 2, 3);
        Values.AreEqual(shared, 9, 2, 3);
    }

    [Fact]
    public void Too_few_values_for_a_shape_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2 }, new long[] { 3 }));

        Assert.Contains("mismatched total size", error.Message);
    }

    [Fact]
    public void Ranges_have_the_type_of_their_bounds()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(ScalarType.Int64, arange(4).dtype);
        Values.AreEqual(arange(1, 7, 2), 1, 3, 5);
        Values.AreEqual(arange(0.0, 1.0, 0.25), 0, 0.25f, 0.5f, 0.75f);
        Values.AreClose(linspace(0, 1, 5), 0, 0.25, 0.5, 0.75, 1);
        Values.AreEqual(eye(2), 1, 0, 0, 1);
        Assert.Equal([0L, 1, 2, 3], randperm(4).data<long>().Order());
    }

    [Fact]
    public void A_default_element_type_is_used_where_none_is_given()
    {
        set_default_dtype(ScalarType.Float64);
        try
        {
            using var made = rand(3);
            Assert.Equal(ScalarType.Float64, made.dtype);
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }

    [Fact]
    public void There_is_no_accelerator()
    {
        Assert.False(cuda.is_available());
        Assert.Equal(0, cuda.device_count());
        Assert.Throws<InvalidOperationException>(() => device("cuda:0"));
        Assert.Equal("cpu", device("cpu").ToString());
        Assert.Equal("cuda:1", new Device("cuda:1").ToString());
    }
}
