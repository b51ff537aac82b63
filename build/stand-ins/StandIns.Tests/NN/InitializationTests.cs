using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class InitializationTests
{
    private static double Deviation(Tensor tensor)
    {
        var values = Values.Read(tensor);
        return Math.Sqrt(values.Sum(value => value * value) / values.Length);
    }

    [Fact]
    public void Fans_count_the_receptive_field()
    {
        using var matrix = zeros([5, 7]);
        using var kernel = zeros([8, 3, 5, 2]);
        using var vector = zeros([4]);

        Assert.Equal((7, 5), nn.init.CalculateFanInAndFanOut(matrix));
        Assert.Equal((30, 80), nn.init.CalculateFanInAndFanOut(kernel));
        Assert.Throws<ArgumentException>(() => nn.init.CalculateFanInAndFanOut(vector));
    }

    [Fact]
    public void Layers_begin_uniform_within_one_over_root_fan_in()
    {
        using var linear = nn.Linear(100, 200);
        using var convolution = nn.Conv2d(16, 256, 5, groups: 4);

        foreach (var (tensor, fan) in new[] { (linear.weight, 100), (linear.bias!, 100), (convolution.weight, 100), (convolution.bias!, 100) })
        {
            var values = Values.Read(tensor);
            Assert.All(values, value => Assert.InRange(value, -0.1f, 0.1f));
            Assert.InRange(values.Max(), 0.08, 0.1);
            Assert.InRange(values.Min(), -0.1, -0.08);
            Assert.Equal(100, fan);
        }
    }

    [Fact]
    public void Named_initializers_have_their_standard_deviation()
    {
        using var tensor = zeros([200, 100], ScalarType.Float64);
        void Has(double deviation, Tensor filled) => Assert.InRange(Deviation(filled), 0.97 * deviation, 1.03 * deviation);

        Has(Math.Sqrt(2.0 / 100), nn.init.kaiming_normal_(tensor));
        Has(Math.Sqrt(2.0 / 200), nn.init.kaiming_normal_(tensor, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU));
        Has(Math.Sqrt(2.0 / 1.25 / 100), nn.init.kaiming_uniform_(tensor, a: 0.5));
        Has(Math.Sqrt(2.0 / 300), nn.init.xavier_normal_(tensor));
        Has(3 * Math.Sqrt(2.0 / 300), nn.init.xavier_uniform_(tensor, gain: 3));
        Has(2, nn.init.normal_(tensor, std: 2));
        Has(1 / Math.Sqrt(3), nn.init.uniform_(tensor, -1));
    }

    [Fact]
    public void Truncated_normal_stays_within_its_bounds_and_is_normal_there()
    {
        using var tensor = zeros([100_000], ScalarType.Float64);
        nn.init.trunc_normal_(tensor, mean: 1, std: 2, a: -1, b: 3);

        var values = Values.Read(tensor);
        Assert.All(values, value => Assert.InRange(value, -1, 3));

        // One standard deviation on both sides: variance σ²·(1 − 2φ(1)/(2Φ(1) − 1)) = 4·0.29112
        var mean = values.Average();
        Assert.InRange(mean, 0.98, 1.02);
        Assert.InRange(values.Average(value => (value - mean) * (value - mean)), 4 * 0.285, 4 * 0.297);
    }

    [Fact]
    public void Constants_fill_and_stay_outside_autograd()
    {
        using var linear = nn.Linear(2, 2);

        Assert.Same(linear.weight, nn.init.constant_(linear.weight, 3.5));
        Values.Close([3.5, 3.5, 3.5, 3.5], linear.weight);
        Values.Close([1, 1], nn.init.ones_(linear.bias!));
        Values.Close([0, 0], nn.init.zeros_(linear.bias!));
        Assert.True(linear.weight.is_leaf);
    }

    [Fact]
    public void Gains_are_those_of_the_literature()
    {
        Assert.Equal(5.0 / 3, nn.init.calculate_gain(nn.init.NonlinearityType.Tanh));
        Assert.Equal(Math.Sqrt(2), nn.init.calculate_gain(nn.init.NonlinearityType.ReLU));
        Assert.Equal(1, nn.init.calculate_gain(nn.init.NonlinearityType.Sigmoid));
        Assert.Equal(Math.Sqrt(2 / 1.01), nn.init.calculate_gain(nn.init.NonlinearityType.LeakyReLU, 0.1));
    }

    [Fact]
    public void A_generator_of_its_own_repeats()
    {
        using var first = zeros([8]);
        using var second = zeros([8]);

        nn.init.normal_(first, generator: new Generator(5));
        nn.init.normal_(second, generator: new Generator(5));
        Values.Same(first, second, 0);
    }
}
