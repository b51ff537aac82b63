using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace StandIns.Tests.NN;

public sealed class FunctionalTests
{
    [Fact]
    public void Convolutions_take_missing_settings_as_ones_and_zeros()
    {
        using var input = Values.Of([1, 1, 2, 2], 1, 2, 3, 4);
        using var kernel = Values.Of([1, 1, 1, 2], 1, 10);
        using var bias = Values.Of(100.0);
        using var row = Values.Of([1, 1, 3], 1, 2, 3);
        using var pair = Values.Of([1, 1, 2], 1, 10);

        Values.Close([21, 43], functional.conv2d(input, kernel));
        Values.Close([121, 143], functional.conv2d(input, kernel, bias, [1], [0], [1]));
        Values.Close([121, 102, 143, 104], functional.conv2d_padding(input, kernel, bias, padding: Padding.Same));
        Values.Close([21, 32], functional.conv1d(row, pair));
        Values.Close([21, 32, 3], functional.conv1d_padding(row, pair, padding: Padding.Same));
    }

    [Fact]
    public void Padding_goes_from_the_last_dimension_on()
    {
        using var input = Values.Of([1, 1, 2, 2], 1, 2, 3, 4);
        using var rows = Values.Of([1, 2, 2], 1, 2, 3, 4);

        Values.Close([0, 1, 2, 0, 3, 4], functional.pad(input, (1, 0)));
        Values.Close([9, 9, 1, 2, 3, 4], functional.pad(input, (0, 0, 1, 0), value: 9));
        Values.Close([2, 1, 2, 4, 3, 4], functional.pad(rows, (1, 0), PaddingModes.Reflect));
        Values.Close([1, 1, 2, 3, 3, 4], functional.pad(rows, [1, 0], PaddingModes.Replicate));
        Values.Close([2, 1, 2, 4, 3, 4], functional.pad(rows, stackalloc long[] { 1, 0 }, PaddingModes.Circular));
        Assert.Equal([3, 3, 4, 4], functional.pad(input, 1).shape);
    }

    [Fact]
    public void One_hot_marks_the_class()
    {
        using var classes = Values.OfLongs([2], 2, 0);

        Values.Close([0, 0, 1, 0, 1, 0, 0, 0], functional.one_hot(classes, 4));
        Assert.Equal([2, 3], functional.one_hot(classes).shape);
        Assert.Throws<ArgumentException>(() => functional.one_hot(Values.Of(1.0)));
    }

    [Fact]
    public void Normalize_divides_by_the_norm()
    {
        using var input = Values.Of([2, 2], 3, 4, 0, 0);

        Values.Close([0.6, 0.8, 0, 0], functional.normalize(input));
        Values.Close([3 / 7.0, 4 / 7.0, 0, 0], functional.normalize(input, p: 1));
    }

    [Fact]
    public void Attention_weighs_values_by_the_softmax_of_scaled_products()
    {
        using var query = Values.Wave(1, 1, 2, 3, 4);
        using var key = Values.Wave(2, 1, 2, 5, 4);
        using var value = Values.Wave(3, 1, 2, 5, 6);
        using var added = Values.Wave(4, 3, 5);
        using var allowed = Op.Call("aten::gt.Scalar", added, 0);
        using var query5 = Values.Wave(1, 1, 2, 5, 4);

        double[] Expected(double[] q, int length, Func<int, int, double> mask)
        {
            var (k, v) = (Values.Read(key), Values.Read(value));
            var result = new List<double>();
            for (var head = 0; head < 2; head++)
                for (var i = 0; i < length; i++)
                {
                    var scores = Enumerable.Range(0, 5).Select(
                        j => Math.Exp(
                            Enumerable.Range(0, 4).Sum(d => q[(head * length + i) * 4 + d] * k[(head * 5 + j) * 4 + d]) / 2 + mask(i, j)))
                        .ToList();
                    for (var e = 0; e < 6; e++)
                        result.Add(Enumerable.Range(0, 5).Sum(j => scores[j] / scores.Sum() * v[(head * 5 + j) * 6 + e]));
                }

            return [.. result];
        }

        var masks = Values.Read(added);
        Values.Close(
            Expected(Values.Read(query), 3, (_, _) => 0), functional.scaled_dot_product_attention(query, key, value));
        Values.Close(
            Expected(Values.Read(query), 3, (i, j) => masks[i * 5 + j]),
            functional.scaled_dot_product_attention(query, key, value, added));
        Values.Close(
            Expected(Values.Read(query), 3, (i, j) => masks[i * 5 + j] > 0 ? 0 : double.NegativeInfinity),
            functional.scaled_dot_product_attention(query, key, value, allowed));
        Values.Close(
            Expected(Values.Read(query5), 5, (i, j) => j <= i ? 0 : double.NegativeInfinity),
            functional.scaled_dot_product_attention(query5, key, value, is_casual: true));
        Assert.Throws<ArgumentException>(
            () => functional.scaled_dot_product_attention(query, key, value, added, is_casual: true));
    }

    [Fact]
    public void Attention_leaves_one_tensor_behind()
    {
        using var scope = NewDisposeScope();
        var query = Values.Wave(1, 1, 2, 3, 4);
        var before = scope.DisposablesCount;

        functional.scaled_dot_product_attention(query, query, query, p: 0.5, is_casual: true);

        Assert.Equal(before + 1, scope.DisposablesCount);
    }
}
