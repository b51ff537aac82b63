using TorchSharp;
using Xunit;
using static StandIns.Tests.Values;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class DataTests
{
    [Fact]
    public void An_accessor_reads_and_writes_in_row_major_order()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 1f, 2f }, { 3f, 4f } });
        var data = x.data<float>();

        data[1, 0] = 9;
        data[3] = 8;

        AreEqual(x, 1, 2, 9, 8);
        Assert.Equal([1f, 9, 2, 8], x.t().data<float>().ToArray());
        Assert.Equal(9, x.t().data<float>()[0, 1]);
        Assert.Equal(9f, ((float[,])x.data<float>().ToNDArray())[1, 0]);
        Assert.Throws<IndexOutOfRangeException>(() => data[4]);
        Assert.Throws<IndexOutOfRangeException>(() => data[0, 2]);
    }

    [Fact]
    public void Copies_go_both_ways_from_any_place()
    {
        using var x = zeros(4);

        x.data<float>().CopyFrom([1, 2, 3], arrayIndex: 1, tensorIndex: 2);
        var read = new float[3];
        x.data<float>().CopyTo(read, arrayIndex: 1, tensorIndex: 2);

        AreEqual(x, 0, 0, 2, 3);
        Assert.Equal([0f, 2, 3], read);
    }

    [Fact]
    public void Items_convert_only_by_asking()
    {
        using var scope = NewDisposeScope();
        var whole = tensor(3L);

        Assert.Equal(3L, whole.item<long>());
        Assert.Equal(3, whole.ToInt32());
        Assert.Equal(3.0, whole.ToDouble());
        Assert.Equal(2.5f, tensor(2.5).ToSingle());
        Assert.Equal(1.5, tensor(1.5f).to_type(ScalarType.BFloat16).ToDouble());
        Assert.Equal(7f, (float)tensor(7));
        Assert.Throws<ArgumentException>(() => whole.item<float>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void Bytes_are_those_of_the_elements()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1, 256 });

        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0], x.bytes.ToArray());
        x.bytes = new byte[] { 2, 0, 0, 0, 3, 0, 0, 0 };
        AreEqual(x, 2, 3);
        Assert.Throws<InvalidOperationException>(() => ones(2, 2).t()[..1].t().expand(2, 2).bytes.ToArray());
    }

    [Fact]
    public void Streams_carry_the_bytes_in_pieces()
    {
        using var x = rand(1000);
        using var y = zeros(1000);
        using var stream = new MemoryStream();

        x.WriteBytesToStream(stream, bufferSize: 128);
        stream.Position = 0;
        y.ReadBytesFromStream(stream, bufferSize: 100);

        Assert.Equal(4000, stream.Length);
        Assert.True(x.Equals(y));
    }

    [Fact]
    public void Text_tells_shape_type_and_values()
    {
        using var scope = NewDisposeScope();

        Assert.Equal("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
        Assert.Equal("[], type = Int64, device = cpu", tensor(1L).ToString());
        Assert.Equal("[[1, 2.5]\n [3, 4]]".Replace("\n", "|"), tensor(new[,] { { 1, 2.5f }, { 3, 4 } }).npstr(newLine: "|"));
        Assert.Equal("[0, 1, 2, ..., 17, 18, 19]", arange(20).ToString(numpy));
    }

    [Fact]
    public void Conversions_keep_the_tensor_where_nothing_changes()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2);

        x.to_type(ScalarType.Float32).add_(1);
        x.to_type(ScalarType.Float32, copy: true).add_(1);
        x.to(CPU).add_(1);

        AreEqual(x, 2, 2);
        Assert.Equal(ScalarType.Int64, x.@long().dtype);
        Assert.Equal(ScalarType.Bool, x.@bool().dtype);
        Assert.Throws<InvalidOperationException>(() => x.cuda());
        var y = x.to_type(ScalarType.Float64, disposeAfter: true);
        Assert.True(x.IsInvalid);
        Assert.False(y.IsInvalid);
    }
}
