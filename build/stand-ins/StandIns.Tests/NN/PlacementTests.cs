using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class PlacementTests
{
    [Fact]
    public void Moving_puts_new_leaf_parameters_into_register_and_field()
    {
        using var model = new DerivedModel();
        var before = model.Scale;

        Assert.Same(model, model.to(ScalarType.Float32));

        Assert.NotSame(before, model.Scale);
        Assert.Same(model.Scale, model.get_parameter("scale"));
        Assert.Same(model.Mask, model.get_buffer("mask"));
        Assert.True(before.IsInvalid);
        Assert.True(model.Scale.is_leaf);
        Assert.True(model.Scale.requires_grad);
        Assert.All(model.state_dict().Values, tensor => Assert.Equal(ScalarType.Float32, tensor.dtype));
    }

    [Fact]
    public void Nothing_to_do_keeps_the_parameters()
    {
        using var model = nn.Sequential(nn.Linear(1, 1), nn.BatchNorm1d(1));
        var before = model.state_dict().Values.ToList();

        model.to(ScalarType.Float32).to(CPU).to(CPU, ScalarType.Float32).cpu();

        foreach (var (left, right) in before.Zip(model.state_dict().Values)) Assert.Same(left, right);
    }

    [Fact]
    public void Built_in_modules_are_moved_with_their_statistics_and_integers_stay()
    {
        using var model = nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.GroupNorm(1, 2), nn.LayerNorm(2), nn.Embedding(2, 2), nn.Linear(2, 2));

        model.@double();

        var state = model.state_dict();
        Assert.Equal(ScalarType.Int64, state["1.num_batches_tracked"].dtype);
        state.Remove("1.num_batches_tracked");
        Assert.Equal(13, state.Count);
        Assert.All(state.Values, tensor => Assert.Equal(ScalarType.Float64, tensor.dtype));
        Assert.Same(((Conv2d)model[0]).weight, state["0.weight"]);
    }

    [Fact]
    public void A_gradient_moves_with_its_parameter()
    {
        using var model = nn.Linear(1, 1, hasBias: false);
        using var input = Op.Call("aten::to.dtype", Values.Of(3.0), ScalarType.Float32);
        model.forward(input).backward();

        model.@double();

        using var gradient = model.weight.grad!;
        Assert.Equal(ScalarType.Float64, gradient.dtype);
        Assert.Equal([3.0], Values.Read(gradient));
    }

    [Fact]
    public void Moving_breaks_a_tie_between_user_modules()
    {
        using var model = new Tied(nn.Parameter(Values.Of(3.0)));

        model.to(ScalarType.Float32);

        Assert.Equal(["a.w"], model.named_parameters().Select(named => named.name));
        Assert.True(((Leaf)model.children().Last()).W.IsInvalid);
    }

    [Fact]
    public void Buffers_that_are_not_persistent_stay()
    {
        using var model = new LazyModel();
        using var data = Values.Of(1.0);
        model.register_buffer("cache", data, persistent: false);

        model.to(ScalarType.Float32);

        Assert.Equal(ScalarType.Float64, model.get_buffer("cache")!.dtype);
    }

    [Fact]
    public void Modules_take_floating_point_types_alone_and_devices_that_are_there()
    {
        using var model = new LazyModel();

        Assert.Throws<ArgumentException>(() => model.to(ScalarType.Int64));
        Assert.Throws<InvalidOperationException>(() => model.to(DeviceType.CUDA));
    }

    [Fact]
    public void Layers_made_in_a_dispose_scope_outlive_it()
    {
        nn.Module[] modules;
        using (NewDisposeScope())
            modules = [nn.Linear(1, 1), nn.Conv2d(1, 1, 1), nn.BatchNorm2d(1), nn.Embedding(1, 1), nn.LayerNorm(1), nn.GroupNorm(1, 1)];

        foreach (var module in modules)
        {
            Assert.All(module.state_dict().Values, tensor => Assert.False(tensor.IsInvalid));
            module.Dispose();
        }
    }

    [Fact]
    public void Disposing_a_module_disposes_all_it_holds_whoever_else_has_it()
    {
        var linear = nn.Linear(1, 1);
        var tensors = linear.state_dict().Values.ToList();
        var model = new Owner<Sequential>(nn.Sequential(linear, nn.BatchNorm1d(1)));
        tensors.AddRange(model.state_dict().Values);

        model.Dispose();
        model.Dispose();

        Assert.All(tensors, tensor => Assert.True(tensor.IsInvalid));
        Assert.Empty(linear.parameters());
        Assert.Throws<ObjectDisposedException>(() => model.training);
    }
}
