using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class GradientTests
{
    private static Parameter[] With(params double[][] gradients)
    {
        var parameters = new List<Parameter>();
        foreach (var values in gradients)
        {
            var parameter = nn.Parameter(Values.Of(new double[values.Length]));
            using var gradient = Values.Of(values);
            parameter.grad = gradient;
            parameters.Add(parameter);
        }

        return [.. parameters];
    }

    [Theory]
    [InlineData(2, 13)]
    [InlineData(1, 19)]
    [InlineData(double.PositiveInfinity, 12)]
    public void Clipping_scales_all_gradients_to_the_norm_and_returns_the_former_one(double kind, double norm)
    {
        var parameters = With([3, -4], [12]);
        using var without = nn.Parameter(Values.Of(1.0));

        Assert.Equal(norm, nn.utils.clip_grad_norm_(parameters.Append(without), 1, kind), 1e-12);

        Assert.Equal([3 / (norm + 1e-6), -4 / (norm + 1e-6)], Values.Gradient(parameters[0]), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(12 / (norm + 1e-6), Assert.Single(Values.Gradient(parameters[1])), 1e-12);
        Assert.Null(without.grad);
    }

    [Fact]
    public void Small_gradients_stay()
    {
        var parameters = With([3, -4], [12]);

        Assert.Equal(13, nn.utils.clip_grad_norm_(parameters, 100));
        Assert.Equal([3.0, -4], Values.Gradient(parameters[0]));
        Assert.Equal(0, nn.utils.clip_grad_norm_([], 1));
    }

    [Fact]
    public void Clipping_by_value_limits_each_element()
    {
        var parameters = With([3, -4], [1]);

        nn.utils.clip_grad_value_(parameters, 2);

        Assert.Equal([2.0, -2], Values.Gradient(parameters[0]));
        Assert.Equal([1.0], Values.Gradient(parameters[1]));
    }

    [Fact]
    public void Parameters_become_a_vector_and_a_vector_parameters()
    {
        using var model = nn.Linear(2, 2, dtype: ScalarType.Float64);
        using var vector = Values.Of(1.0, 2, 3, 4, 5, 6);

        nn.utils.vector_to_parameters(vector, model.parameters());

        Values.Close([1, 2, 3, 4], model.weight);
        Values.Close([5, 6], model.bias!);
        Values.Same(vector, nn.utils.parameters_to_vector(model.parameters()), 0);
    }
}
