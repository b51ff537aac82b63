using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class SequentialTests
{
    private static Function Add(double addend) => new(x => Op.Call("aten::add.Scalar", x, addend));

    [Fact]
    public void Intermediates_are_disposed_and_input_and_result_are_not()
    {
        var steps = new[] { Add(1), Add(2), Add(3) };
        using var model = nn.Sequential(steps);
        using var input = Values.Of(10.0);

        using var output = model.forward(input);

        Assert.Equal(16, Values.Single(output));
        Assert.False(input.IsInvalid);
        Assert.True(steps[0].Last!.IsInvalid);
        Assert.True(steps[1].Last!.IsInvalid);
        Assert.Same(output, steps[2].Last);
    }

    [Fact]
    public void Gradients_flow_through_disposed_intermediates()
    {
        using var model = nn.Sequential(
            new Function(x => Op.Call("aten::mul.Scalar", x, 3)), new Function(x => Op.Call("aten::mul.Tensor", x, x)), nn.Identity());
        using var input = Values.Of(2.0).requires_grad_();

        using var output = model.forward(input);
        output.backward();

        Assert.Equal([36.0], Values.Gradient(input));
    }

    [Fact]
    public void An_empty_one_gives_an_alias_of_its_input()
    {
        using var model = nn.Sequential();
        using var input = Values.Of(1.0);

        var output = model.forward(input);
        Assert.NotSame(input, output);
        Values.Set(input, 7);
        Assert.Equal(7, Values.Single(output));
        output.Dispose();
        Assert.Equal(7, Values.Single(input));
    }

    [Fact]
    public void A_slice_shares_the_modules_and_keeps_their_names()
    {
        using var model = nn.Sequential(nn.Linear(1, 2), nn.ReLU(), nn.Linear(2, 1));

        var tail = model[1..];
        var middle = model[(1, 2)];

        Assert.Equal(["2.weight", "2.bias"], tail.named_parameters().Select(named => named.name));
        Assert.Same(model[2], tail[1]);
        Assert.Equal(1, middle.Count);
        Assert.Equal(3, model[(null, null)].Count);
        Assert.Equal(2, model[..^1].Count);
        Assert.Throws<IndexOutOfRangeException>(() => model[(0, 4)]);
        Assert.Throws<IndexOutOfRangeException>(() => model[(-1, 2)]);
    }

    [Fact]
    public void Disposing_a_slice_disposes_its_modules_for_the_whole()
    {
        using var model = nn.Sequential(nn.Linear(1, 1), nn.Dropout(), nn.Linear(1, 1));
        using var input = zeros([1, 1]);

        model[1..].Dispose();

        Assert.Single(model.named_parameters().Select(named => named.name.Split('.')[0]).Distinct());
        Assert.Throws<ObjectDisposedException>(() => model.forward(input));
    }

    [Fact]
    public void Names_are_given_or_counted()
    {
        using var named = nn.Sequential(("fc", nn.Linear(1, 1)), ("act", nn.ReLU()));
        named.append(nn.Linear(1, 1));

        Assert.Equal(["fc", "act", "2"], named.named_children().Select(child => child.name));
        Assert.Equal(["fc.weight", "fc.bias", "2.weight", "2.bias"], named.state_dict().Keys);
        Assert.Empty(named.named_parameters(recurse: false));
    }

    [Fact]
    public void User_modules_inside_it_must_register_themselves()
    {
        var lazy = new LazyModel();
        using var model = new Owner<TorchSharp.Modules.Sequential>(nn.Sequential(lazy));

        Assert.Empty(model.parameters());
        lazy.Register();
        Assert.Equal(["child.0.first.weight", "child.0.first.bias"], model.named_parameters().Select(named => named.name));
    }
}
