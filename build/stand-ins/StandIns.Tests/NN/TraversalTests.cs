using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class TraversalTests
{
    [Fact]
    public void Named_modules_come_level_by_level_and_without_the_root()
    {
        using var model = new Owner<Owner<Sequential>>(new Owner<Sequential>(nn.Sequential(("a", nn.Linear(1, 1)), ("b", nn.ReLU()))));

        Assert.Equal(
            ["child", "child.child", "child.child.a", "child.child.b"],
            model.named_modules().Select(named => named.name));
        Assert.Equal(4, model.modules().Count());
    }

    [Fact]
    public void A_shared_parameter_is_enumerated_once_and_stands_in_the_state_under_both_names()
    {
        using var model = new Tied(nn.Parameter(Values.Of(3.0)));

        Assert.Equal(["a.w"], model.named_parameters().Select(named => named.name));
        Assert.Equal(["a.w", "b.w"], model.state_dict().Keys);
    }

    [Fact]
    public void Two_wrappers_of_one_tensor_are_two_parameters()
    {
        var embedding = nn.Embedding(3, 2);
        var linear = nn.Linear(2, 3, hasBias: false);
        linear.weight = embedding.weight!;
        using var model = nn.Sequential(embedding, linear);

        Assert.Equal(["0.weight", "1.weight"], model.named_parameters().Select(named => named.name));
        Values.Set(linear.weight, 1, 2, 3, 4, 5, 6);
        using var table = embedding.weight!;
        Values.Close([1, 2, 3, 4, 5, 6], table);
    }

    [Fact]
    public void Parameters_and_buffers_are_found_by_dotted_names()
    {
        using var model = new Owner<Sequential>(nn.Sequential(nn.Linear(1, 2), nn.BatchNorm1d(2)));
        model.register_module("norm", nn.BatchNorm1d(2));

        Assert.True(model.has_parameter("norm.weight"));
        Assert.Same(((BatchNorm1d)model.children().Last()).weight, model.get_parameter("norm.weight"));
        Assert.True(model.has_buffer("norm.running_var"));
        Assert.NotNull(model.get_buffer("child.1.running_mean"));
        Assert.False(model.has_parameter("norm.weigh"));
        Assert.False(model.has_buffer("none.running_var"));
        Assert.Null(model.get_parameter("none.weight"));
        Assert.Null(model.get_buffer("weight"));
    }

    [Fact]
    public void Mode_reaches_every_module_in_a_sequential_too()
    {
        using var model = new Owner<Sequential>(nn.Sequential(nn.Dropout(), nn.Sequential(nn.BatchNorm1d(1))));
        Assert.True(model.training);

        model.eval();
        Assert.All(model.modules().Append(model), module => Assert.False(module.training));
        model.train();
        Assert.All(model.modules().Append(model), module => Assert.True(module.training));
    }

    [Fact]
    public void Apply_visits_children_before_their_owner()
    {
        using var model = new Owner<Sequential>(nn.Sequential(nn.Linear(1, 1), nn.ReLU()));
        var seen = new List<string>();

        model.apply(module => seen.Add(module.GetName()));

        Assert.Equal(["Linear", "ReLU", "Sequential", "Owner"], seen);
    }

    [Fact]
    public void Zero_grad_removes_gradients_or_fills_them_with_zeros()
    {
        using var model = nn.Linear(1, 1, hasBias: false, dtype: ScalarType.Float64);
        using var input = Values.Of(5.0);
        using var output = model.forward(input);
        output.backward();
        Assert.Equal([5.0], Values.Gradient(model.weight));

        model.zero_grad(set_to_none: false);
        Assert.Equal([0.0], Values.Gradient(model.weight));
        model.zero_grad();
        Assert.Null(model.weight.grad);
    }

    [Fact]
    public void Hooks_run_in_call_and_not_in_forward()
    {
        using var model = new Function(x => Op.Call("aten::mul.Scalar", x, 10));
        using var input = Values.Of(1.0);
        using var two = Values.Of(2.0);
        var order = new List<string>();
        var hooks = new[]
        {
            model.register_forward_pre_hook(_ => order.Add("before")),
            model.register_forward_pre_hook((_, x) => Op.Call("aten::add.Tensor", x, two)),
            model.register_forward_hook((_, x, y) => Op.Call("aten::add.Tensor", x, y)),
            model.register_forward_hook(_ => order.Add("after")),
        };

        Assert.Equal(33, Values.Single(model.call(input)));
        Assert.Equal(["before", "after"], order);
        Assert.Equal(10, Values.Single(model.forward(input)));

        foreach (var hook in hooks) hook.remove();
        Assert.Equal(10, Values.Single(model.call(input)));
    }
}
