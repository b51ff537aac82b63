using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.Tensors;

public class RandomTests
{
    [Fact]
    public void A_seed_decides_what_follows()
    {
        using var scope = NewDisposeScope();

        manual_seed(5);
        var first = rand(8);
        manual_seed(5);

        Assert.True(first.Equals(rand(8)));
        Assert.False(first.Equals(rand(8)));
        Assert.Equal(5, initial_seed());
    }

    [Fact]
    public void A_saved_state_brings_back_the_stream()
    {
        using var scope = NewDisposeScope();
        var state = get_rng_state();

        var first = randn(8);
        set_rng_state(state);

        Assert.Equal(ScalarType.Byte, state.dtype);
        Assert.True(first.Equals(randn(8)));
    }

    [Fact]
    public void A_generator_has_a_stream_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var one = new Generator(9);
        using var two = new Generator(9);
        manual_seed(1);
        var expected = rand(4);
        manual_seed(1);

        var drawn = rand([4], generator: one);
        Assert.True(drawn.Equals(rand([4], generator: two)));
        Assert.True(expected.Equals(rand(4)));

        using var state = two.get_state();
        one.set_state(state);
        Assert.True(randint(100, new long[] { 4 }, generator: one).Equals(randint(100, new long[] { 4 }, generator: two)));
        Assert.True(randperm(9, generator: one).Equals(randperm(9, generator: two)));
        Assert.True(zeros(5).normal_(generator: one).Equals(zeros(5).normal_(generator: two)));
        Assert.True(zeros(5).uniform_(0, 1, one).Equals(zeros(5).uniform_(0, 1, two)));
        Assert.True(full(5, 0.5).bernoulli(one).Equals(full(5, 0.5).bernoulli(two)));
    }

    [Fact]
    public void Moments_are_those_of_the_distribution()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);

        var uniform = rand([100000], generator: generator);
        var normal = randn([100000], generator: generator);
        var whole = randint(0, 10, new long[] { 100000 }, ScalarType.Float32, generator: generator);

        Assert.InRange(uniform.mean().ToDouble(), 0.49, 0.51);
        Assert.InRange(normal.mean().ToDouble(), -0.02, 0.02);
        Assert.InRange(normal.std().ToDouble(), 0.98, 1.02);
        Assert.InRange(whole.mean().ToDouble(), 4.4, 4.6);
        Assert.Equal(9, whole.max().ToInt32());
    }
}
