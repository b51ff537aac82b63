using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

/// <summary>Each layer against its formula in plain loops, and its gradients against differences.</summary>
public sealed class LayerTests
{
    private const ScalarType Wide = ScalarType.Float64;

    /// <summary>Central differences of Σ output·weights, element by element, against the gradient of autograd.</summary>
    private static void Gradients(nn.Module<Tensor, Tensor> module, Tensor input)
    {
        input.requires_grad_();
        using var output = module.forward(input);
        using var weights = Values.Wave(0.5, output.shape);
        Values.Backward(output, weights);

        double Objective()
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            return Values.Read(module.forward(input)).Zip(Values.Read(weights), (a, b) => a * b).Sum();
        }

        foreach (var tensor in module.parameters().Append(input))
        {
            var gradient = Values.Gradient(tensor);
            var values = Values.Read(tensor);
            for (var i = 0; i < values.Length; i++)
            {
                const double Step = 1e-5;
                var at = values[i];
                values[i] = at + Step;
                Values.Set(tensor, values);
                var above = Objective();
                values[i] = at - Step;
                Values.Set(tensor, values);
                var below = Objective();
                values[i] = at;
                Values.Set(tensor, values);
                Assert.Equal((above - below) / (2 * Step), gradient[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Linear_multiplies_and_adds()
    {
        using var layer = nn.Linear(3, 2, dtype: Wide);
        Values.Set(layer.weight, 1, 2, 3, 4, 5, 6);
        Values.Set(layer.bias!, 10, 20);
        using var input = Values.Of([2, 3], 1, 0, -1, 2, 1, 0);

        using var output = layer.forward(input);

        Values.Close([8, 18, 14, 33], output);
        Assert.Equal((3, 2), (layer.in_features, layer.out_features));
        Gradients(layer, input);
    }

    [Fact]
    public void Linear_takes_given_parameters_and_no_bias()
    {
        using var layer = nn.Linear(nn.Parameter(Values.Of([1, 2], 3, 4)));
        using var input = Values.Of([1, 2], 1, 1);

        Values.Close([7], layer.forward(input));
        Assert.Equal(["weight"], layer.state_dict().Keys);
        layer.bias = nn.Parameter(Values.Of(0.5));
        Values.Close([7.5], layer.forward(input));
        Assert.Equal(["weight", "bias"], layer.state_dict().Keys);
        layer.bias = null;
        Assert.Equal(["weight"], layer.state_dict().Keys);
        Assert.Throws<ArgumentNullException>(() => layer.weight = null!);
    }

    [Theory]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(3, 1, 1, 1, 1)]
    [InlineData(3, 2, 1, 1, 2)]
    [InlineData(2, 1, 2, 2, 1)]
    public void Conv2d_is_the_sum_over_its_window(int kernel, int stride, int padding, int dilation, int groups)
    {
        using var layer = nn.Conv2d(2, 4, kernel, stride, padding, dilation, groups: groups, dtype: Wide);
        using var input = Values.Wave(1, 2, 2, 5, 5);

        using var output = layer.forward(input);

        var x = Values.Read(input);
        var w = Values.Read(layer.weight);
        var b = Values.Read(layer.bias!);
        var size = (5 + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
        var perGroup = 2 / groups;
        var expected = new List<double>();
        for (var n = 0; n < 2; n++)
            for (var o = 0; o < 4; o++)
                for (var i = 0; i < size; i++)
                    for (var j = 0; j < size; j++)
                    {
                        var sum = b[o];
                        for (var c = 0; c < perGroup; c++)
                            for (var p = 0; p < kernel; p++)
                                for (var q = 0; q < kernel; q++)
                                {
                                    var (row, column) = (i * stride - padding + p * dilation, j * stride - padding + q * dilation);
                                    if (row is < 0 or > 4 || column is < 0 or > 4) continue;
                                    var channel = o / (4 / groups) * perGroup + c;
                                    sum += x[((n * 2 + channel) * 5 + row) * 5 + column] * w[((o * perGroup + c) * kernel + p) * kernel + q];
                                }

                        expected.Add(sum);
                    }

        Assert.Equal([2, 4, size, size], output.shape);
        Values.Close(expected, output);
        if (kernel == 3) Gradients(layer, input);
    }

    [Fact]
    public void Conv2d_pads_to_the_same_size_or_by_other_modes()
    {
        using var input = Values.Of([1, 1, 1, 3], 1, 2, 3);
        using var same = nn.Conv2d(1, 1, (1, 2), Padding.Same, bias: false, dtype: Wide);
        using var circular = nn.Conv2d(1, 1, (1, 2), padding: (0, 1), padding_mode: PaddingModes.Circular, bias: false, dtype: Wide);
        using var reflecting = nn.Conv2d(1, 1, (1, 2), Padding.Same, padding_mode: PaddingModes.Reflect, bias: false, dtype: Wide);
        foreach (var layer in new[] { same, circular, reflecting }) Values.Set(layer.weight, 1, 10);

        Values.Close([21, 32, 3], same.forward(input));
        Values.Close([13, 21, 32, 13], circular.forward(input));
        Values.Close([21, 32, 23], reflecting.forward(input));
        Assert.Equal(Padding.Same, same.padding_type);
        Assert.Throws<ArgumentException>(() => nn.Conv2d(1, 1, 3, Padding.Same, stride: 2));
    }

    [Fact]
    public void Conv2d_says_which_input_it_expects()
    {
        using var layer = nn.Conv2d(3, 1, 1);
        using var input = zeros([1, 2, 4, 4]);
        using var single = zeros([3, 4, 4]);

        Assert.Contains("with 3 channels", Assert.Throws<ArgumentException>(() => layer.forward(input)).Message);
        Assert.Equal([1, 4, 4], layer.forward(single).shape);
    }

    [Fact]
    public void Conv1d_is_the_sum_over_its_window()
    {
        using var layer = nn.Conv1d(1, 1, 2, padding: 1, dtype: Wide);
        Values.Set(layer.weight, 1, 10);
        Values.Set(layer.bias!, 100);
        using var input = Values.Of([1, 1, 3], 1, 2, 3);

        Values.Close([110, 121, 132, 103], layer.forward(input));
        Gradients(layer, input);
    }

    [Fact]
    public void Batch_norm_trains_on_the_batch_and_follows_it()
    {
        using var layer = nn.BatchNorm2d(2, eps: 1e-3, momentum: 0.25, dtype: Wide);
        Values.Set(layer.weight, 2, 3);
        Values.Set(layer.bias!, -1, 1);
        using var input = Values.Wave(2, 3, 2, 2, 2);

        using var output = layer.forward(input);

        var x = Values.Read(input);
        var expected = new double[24];
        var (means, variances) = (new double[2], new double[2]);
        for (var c = 0; c < 2; c++)
        {
            var places = Enumerable.Range(0, 24).Where(place => place / 4 % 2 == c).ToList();
            var mean = places.Average(place => x[place]);
            var variance = places.Average(place => (x[place] - mean) * (x[place] - mean));
            foreach (var place in places)
                expected[place] = (x[place] - mean) / Math.Sqrt(variance + 1e-3) * (c + 2) + (2 * c - 1);
            (means[c], variances[c]) = (0.25 * mean, 0.75 + 0.25 * variance * 12 / 11);
        }

        Values.Close(expected, output);
        Values.Close(means, layer.running_mean!);
        Values.Close(variances, layer.running_var!);
        Values.Close([1], layer.num_batches_tracked!);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], layer.state_dict().Keys);

        layer.eval();
        Values.Close(
            x.Select((value, place) => (value - means[place / 4 % 2]) / Math.Sqrt(variances[place / 4 % 2] + 1e-3)
                * (place / 4 % 2 + 2) + (2 * (place / 4 % 2) - 1)).ToList(),
            layer.forward(input));
        Values.Close(means, layer.running_mean!);
        Gradients(layer, input);
    }

    [Fact]
    public void Batch_norm_without_statistics_or_scale_uses_the_batch_always()
    {
        using var layer = nn.BatchNorm1d(1, eps: 0, affine: false, track_running_stats: false, dtype: Wide);
        using var input = Values.Of([2, 1], 1, 3);
        layer.eval();

        Values.Close([-1, 1], layer.forward(input));
        Assert.Empty(layer.state_dict());
        Assert.Null(layer.running_mean);
        using var flat = Values.Of(1.0);
        Assert.Contains("1D", Assert.Throws<ArgumentException>(() => layer.forward(flat)).Message);
    }

    [Fact]
    public void Batch_norm_without_momentum_averages_all_batches()
    {
        using var layer = nn.BatchNorm1d(1, dtype: Wide);
        layer.momentum = null;
        foreach (var value in new[] { 2.0, 4.0, 9.0 })
        {
            using var input = Values.Of([2, 1], value, value);
            layer.forward(input).Dispose();
        }

        Values.Close([5], layer.running_mean!);
        layer.reset_running_stats();
        Values.Close([0], layer.running_mean!);
        Values.Close([0], layer.num_batches_tracked!);
    }

    [Fact]
    public void Layer_norm_and_group_norm_normalize_each_sample()
    {
        using var layer = nn.LayerNorm([2, 2], eps: 1e-2, dtype: Wide);
        using var group = nn.GroupNorm(2, 4, eps: 1e-2, dtype: Wide);
        Values.Set(layer.weight, 1, 2, 3, 4);
        Values.Set(layer.bias!, 5, 6, 7, 8);
        Values.Set(group.weight, 1, 2, 3, 4);
        Values.Set(group.bias!, 5, 6, 7, 8);
        using var input = Values.Wave(3, 2, 2, 2);
        using var channels = Values.Wave(3, 2, 4, 2);

        static double[] Normalized(double[] values)
        {
            var mean = values.Average();
            var deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) + 1e-2);
            return [.. values.Select(value => (value - mean) / deviation)];
        }

        Values.Close(
            [.. Values.Read(input).Chunk(4).SelectMany(Normalized).Select((value, place) => value * (place % 4 + 1) + place % 4 + 5)],
            layer.forward(input));
        Values.Close(
            [.. Values.Read(channels).Chunk(4).SelectMany(Normalized).Select((value, place) => value * (place / 2 % 4 + 1) + place / 2 % 4 + 5)],
            group.forward(channels));
        Gradients(layer, input);
        Gradients(group, channels);
        Assert.Throws<ArgumentException>(() => group.forward(Values.Of([1, 4], 1, 2, 3, 4)));
    }

    [Fact]
    public void Embedding_picks_rows_and_gives_the_padding_row_no_gradient()
    {
        using var layer = nn.Embedding(3, 2, padding_idx: -1, dtype: Wide);
        using var initial = layer.weight!;
        Assert.Equal([0.0, 0.0], Values.Read(initial)[4..]);
        Values.Set(initial, 1, 2, 3, 4, 5, 6);
        using var indices = Values.OfLongs([2, 2], 0, 2, 1, 0);

        using var output = layer.forward(indices);
        Assert.Equal([2, 2, 2], output.shape);
        Values.Close([1, 2, 5, 6, 3, 4, 1, 2], output);
        Values.Backward(output, Values.Of([2, 2, 2], 1, 1, 1, 1, 1, 1, 10, 10));

        using var table = layer.weight!;
        Assert.Equal([11.0, 11, 1, 1, 0, 0], Values.Gradient(table));
    }

    [Fact]
    public void Pretrained_embeddings_are_frozen_and_limited_in_norm_when_used()
    {
        using var layer = nn.Embedding_from_pretrained(Values.Of([2, 2], 3, 4, 30, 40), max_norm: 10);
        using var indices = Values.OfLongs([1], 1);

        Values.Close([6, 8], layer.forward(indices), 1e-6);
        using var table = layer.weight!;
        Assert.False(table.requires_grad);
        Values.Close([3, 4, 6, 8], table, 1e-6);
    }

    [Fact]
    public void Pooling_takes_maxima_and_averages()
    {
        using var input = Values.Of([1, 1, 3, 4], 1, 2, 3, 4, 5, 9, 7, 8, 0, -1, -2, 6);

        Values.Close([9, 8], nn.MaxPool2d(2).forward(input));
        Values.Close([9, 9, 8, 9, 9, 8], nn.MaxPool2d(2, stride: 1).forward(input));
        Values.Close([9, 8, 0, 6], nn.MaxPool2d(2, ceil_mode: true).forward(input));
        Values.Close([9, 8], nn.MaxPool2d([2, 2]).forward(input));
        Values.Close([1, 4, 0, 6], nn.MaxPool2d((1, 1), stride: (2, 3)).forward(input));
        Values.Close([4.25, 5.5], nn.AvgPool2d(2).forward(input));
        Values.Close([8.5, 11], nn.AvgPool2d(2, divisor_override: 2).forward(input));
        Values.Close([0.25, 1.25, 1, 1.25, 3.25, 3.5], nn.AvgPool2d((2, 2), padding: (1, 1)).forward(input));
        Values.Close([1, 2.5, 4, 2.5, 3.25, 7], nn.AvgPool2d([2, 2], padding: [1, 1], count_include_pad: false).forward(input));
        Values.Close([3.5], nn.AdaptiveAvgPool2d(1).forward(input));
        Values.Close([16.0 / 6, 26.0 / 6], nn.AdaptiveAvgPool2d((1, 2)).forward(input));

        var (maxima, indices) = nn.MaxPool2d(2).forward_with_indices(input);
        Values.Close([9, 8], maxima);
        Values.Close([5, 7], indices);
        Gradients(nn.MaxPool2d(2), input);
        input.grad = null;
        Gradients(nn.AvgPool2d(2, padding: 1), input);
    }

    [Fact]
    public void Activations_are_their_formulas()
    {
        double[] points = [-3, -0.5, 0, 0.25, 2];
        using var input = Values.Of(points);
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var sum = points.Sum(Math.Exp);
        (nn.Module<Tensor, Tensor> Module, Func<double, double> Formula)[] cases =
        [
            (nn.ReLU(), x => Math.Max(x, 0)),
            (nn.SiLU(), x => x * Sigmoid(x)),
            (nn.Tanh(), Math.Tanh),
            (nn.Sigmoid(), Sigmoid),
            (nn.ELU(2), x => x > 0 ? x : 2 * (Math.Exp(x) - 1)),
            (nn.LeakyReLU(0.1), x => x > 0 ? x : 0.1 * x),
            (nn.Softmax(0), x => Math.Exp(x) / sum),
            (nn.LogSoftmax(0), x => x - Math.Log(sum)),
            (nn.Identity(), x => x),
        ];

        foreach (var (module, formula) in cases) Values.Close([.. points.Select(formula)], module.forward(input));

        // Φ(−3), Φ(−½), Φ(0), Φ(¼), Φ(2)
        double[] normal = [0.0013498980316300933, 0.30853753872598690, 0.5, 0.59870632568292371, 0.97724986805182079];
        Values.Close([.. points.Zip(normal, (x, phi) => x * phi)], nn.GELU().forward(input));
    }

    [Fact]
    public void In_place_activations_change_their_input_and_give_a_tensor_of_its_own()
    {
        nn.Module<Tensor, Tensor>[] modules =
            [nn.ReLU(true), nn.GELU(true), nn.SiLU(true), nn.Tanh(true), nn.Sigmoid(true), nn.ELU(1, true), nn.LeakyReLU(0.1, true)];
        foreach (var module in modules)
        {
            using var input = Values.Of(-1.0, 2.0);
            var output = module.forward(input);
            Assert.NotEqual([-1.0, 2.0], Values.Read(input));
            Values.Same(output, input, 0);
            Assert.NotSame(input, output);
            output.Dispose();
            Assert.False(input.IsInvalid);
        }
    }

    [Fact]
    public void Dropout_scales_what_it_keeps_and_does_nothing_in_evaluation()
    {
        using var layer = nn.Dropout(0.75);
        using var input = nn.init.ones_(zeros([10_000], ScalarType.Float64));

        var values = Values.Read(layer.forward(input));
        Assert.All(values, value => Assert.True(value is 0 or 4));
        Assert.InRange(values.Count(value => value == 4), 2200, 2800);

        layer.eval();
        var output = layer.forward(input);
        Assert.All(Values.Read(output), value => Assert.Equal(1, value));
        output.Dispose();
        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void Dropout2d_drops_whole_channels()
    {
        using var layer = nn.Dropout2d(0.5);
        using var input = nn.init.ones_(zeros([4, 50, 2, 2], ScalarType.Float64));

        var channels = Values.Read(layer.forward(input)).Chunk(4).ToList();
        Assert.All(channels, channel => Assert.True(channel.All(value => value == 0) || channel.All(value => value == 2)));
        Assert.InRange(channels.Count(channel => channel[0] == 0), 60, 140);
    }

    [Fact]
    public void Flatten_and_unflatten_change_the_shape_alone()
    {
        using var input = Values.Wave(1, 2, 3, 4, 5);

        Assert.Equal([2, 60], nn.Flatten().forward(input).shape);
        Assert.Equal([2, 12, 5], nn.Flatten(1, 2).forward(input).shape);
        Assert.Equal([2, 3, 2, 2, 5], nn.Unflatten(2, [2, 2]).forward(input).shape);
        Values.Close(Values.Read(input), nn.Flatten(0).forward(input));
    }
}
