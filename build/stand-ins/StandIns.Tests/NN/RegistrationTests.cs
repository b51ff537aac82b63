using Xunit;
using static TorchSharp.torch;

namespace StandIns.Tests.NN;

public sealed class RegistrationTests
{
    [Fact]
    public void Fields_are_registered_with_those_of_base_classes_and_the_derived_class_first()
    {
        using var model = new DerivedModel();

        Assert.Equal(
            ["scale", "own.weight", "named.weight", "named.bias", "hidden.weight", "hidden.bias"],
            model.named_parameters().Select(named => named.name));
        Assert.Equal(["own", "named", "hidden"], model.named_children().Select(named => named.name));
    }

    [Fact]
    public void A_tensor_field_is_a_persistent_buffer()
    {
        using var model = new DerivedModel();

        Assert.Equal(["mask"], model.named_buffers().Select(named => named.name));
        Assert.Contains("mask", model.state_dict().Keys);
    }

    [Fact]
    public void A_list_of_modules_is_not_looked_into()
    {
        using var model = new DerivedModel();

        Assert.Equal(1, model.Forgotten);
        Assert.DoesNotContain(model.named_parameters(), named => named.name.Contains("forgotten"));
    }

    [Fact]
    public void The_owner_registers_the_components_of_its_fields()
    {
        var child = new LazyModel();
        Assert.Empty(child.parameters());

        using var model = new Owner<LazyModel>(child);

        Assert.Equal(["child.first.weight", "child.first.bias"], model.named_parameters().Select(named => named.name));
    }

    [Fact]
    public void What_is_assigned_after_registration_stays_unknown()
    {
        using var model = new LazyModel();
        model.Register();
        model.AssignLate();
        model.DropFirst();
        model.Register();

        Assert.Equal(["first"], model.named_children().Select(named => named.name));
    }

    [Fact]
    public void Module_names_are_checked()
    {
        using var model = new LazyModel();
        using var linear = nn.Linear(1, 1);
        model.register_module("a", linear);

        Assert.Throws<ArgumentException>(() => model.register_module("a.b", linear));
        Assert.Throws<ArgumentException>(() => model.register_module("", linear));
        Assert.Throws<InvalidOperationException>(() => model.register_module("a", linear));
        Assert.Equal(["a"], model.named_children().Select(named => named.name));
    }

    [Fact]
    public void Registering_null_or_a_disposed_module_removes_the_name()
    {
        using var model = new LazyModel();
        using var linear = nn.Linear(1, 1);
        var disposed = nn.Sequential();
        disposed.Dispose();

        model.register_module("a", linear);
        model.register_module("a", null!);
        Assert.Empty(model.named_children());

        model.register_module("a", linear);
        model.register_module("a", disposed);
        Assert.Empty(model.named_children());
    }

    [Fact]
    public void A_name_takes_one_parameter_and_one_buffer()
    {
        using var model = new LazyModel();
        using var data = Values.Of(1.0);
        model.register_buffer("t", data);

        Assert.Throws<InvalidOperationException>(() => model.register_buffer("t", data));
        Assert.Throws<ArgumentNullException>(() => model.register_buffer("u", null!));
        Assert.Throws<ArgumentNullException>(() => model.register_parameter("u", null!));
    }

    [Fact]
    public void Buffers_that_are_not_persistent_appear_nowhere_but_by_name()
    {
        using var model = new LazyModel();
        using var data = Values.Of(1.0);
        model.register_buffer("cache", data, persistent: false);

        Assert.Empty(model.named_buffers());
        Assert.Empty(model.named_buffers(include_nonpersistent: true));
        Assert.Empty(model.state_dict());
        Assert.True(model.has_buffer("cache"));
        Assert.Same(data, model.get_buffer("cache"));
    }

    [Fact]
    public void Parameterless_modules_take_no_parameters()
    {
        using var relu = nn.ReLU();
        using var data = Values.Of(1.0);
        using var linear = nn.Linear(1, 1);

        Assert.Throws<InvalidOperationException>(() => relu.register_buffer("b", data));
        Assert.Throws<InvalidOperationException>(() => relu.register_parameter("p", linear.weight));
        Assert.Throws<InvalidOperationException>(() => relu.register_module("m", linear));
        relu.register_module("m", nn.Identity());
        Assert.Single(relu.children());
    }

    [Fact]
    public void List_and_dictionary_modules_register_their_elements_once()
    {
        var list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 2));
        using var model = new Owner<TorchSharp.Modules.ModuleList<TorchSharp.Modules.Linear>>(list);
        Assert.Equal(["0", "1"], list.named_children().Select(named => named.name));
        list.Add(nn.Linear(1, 3));
        Assert.Equal(3, list.Count);
        Assert.Equal(2, list.named_children().Count());
        Assert.Equal("child.1.bias", model.named_parameters().Last().name);

        var dictionary = nn.ModuleDict(("left", nn.Linear(1, 1)), ("right", nn.Linear(1, 1)));
        using var other = new Owner<TorchSharp.Modules.ModuleDict<TorchSharp.Modules.Linear>>(dictionary);
        Assert.Equal(["child.left", "child.right"], other.named_modules().Skip(1).Select(named => named.name));
        Assert.Same(dictionary["right"], dictionary[1].Item2);
    }
}
