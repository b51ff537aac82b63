using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>Layers that TorchSharp knows, though not by a field that holds them when it looks.</summary>
public sealed class RegistrationTests
{
    [Theory]
    // Registered by hand.
    [InlineData("private readonly List<Linear> layers = [Linear(4, 4)];", "for (var i = 0; i < 1; i++) register_module($\"layers{i}\", layers[i]); RegisterComponents();")]
    // Fields of their own.
    [InlineData("private readonly Linear first, second; private readonly Linear[] layers;", "first = Linear(4, 4); second = Linear(4, 4); layers = [first, second]; RegisterComponents();")]
    [InlineData("private readonly Linear first = Linear(4, 4); private readonly List<Linear> layers = [];", "layers.Add(first); RegisterComponents();")]
    // Elements of a container that is a module.
    [InlineData("private readonly List<Linear> layers = [Linear(4, 4)]; private readonly ModuleList<Linear> all;", "all = new ModuleList<Linear>(layers.ToArray()); RegisterComponents();")]
    [InlineData("private readonly Sequential all = Sequential(Linear(4, 4)); private readonly List<Linear> layers;", "RegisterComponents(); layers = all.children().OfType<Linear>().ToList();")]
    // No collection of layers.
    [InlineData("private readonly ModuleList<Linear> layers = ModuleList(Linear(4, 4));", "RegisterComponents();")]
    public void A_collection_whose_layers_are_known_is_no_problem(string members, string constructor)
        => Assert.Empty(Generation.Of(Source(members, constructor, "layers[0].forward(x)")).Reported);

    [Theory]
    [InlineData("private readonly Func<Linear, Tensor> layers = layer => layer.weight!;", "layers(a)")]
    [InlineData("private readonly Tensor[] layers = [];", "a.forward(x) + layers[0]")]
    public void Other_collections_are_no_problem(string members, string forward)
        => Assert.Empty(Generation.Of(Source(members, "RegisterComponents();", forward)).Reported);

    [Theory]
    [InlineData("RegisterComponents(); register_module(\"b\", b = Linear(4, 4));")]
    [InlineData("RegisterComponents(); b = Linear(4, 4); this.register_module(\"late\", b);")]
    [InlineData("RegisterComponents(); b = a;")]
    [InlineData("RegisterComponents(); b = null;")]
    [InlineData("b = Linear(4, 4); RegisterComponents(); count = 1; mask = torch.ones(4);")]
    [InlineData("void Later() => b = Linear(4, 4); RegisterComponents(); build = () => b = Linear(4, 4);")]
    public void An_assignment_that_loses_nothing_is_no_problem(string constructor) => Assert.Empty(Generation.Of(Source(
        "private Linear? b; private int count; private Tensor? mask; private Action? build;", constructor, "b is null ? a.forward(x) * count : b.forward(a.forward(x) + mask!)")).Reported);

    [Fact]
    public void The_way_out_names_what_holds_such_elements()
    {
        var messages = Generation.Of(Source(
            "private readonly Dictionary<string, Parameter> scales = new(); private readonly List<Linear> layers = [];",
            "RegisterComponents();",
            "layers[0].forward(x) * scales[\"x\"]")).Reported.Select(diagnostic => diagnostic.GetMessage(null)).ToList();
        Assert.Equal(2, messages.Count);
        Assert.Contains(messages, message => message.Contains("make it a ParameterDict, or call register_parameter for each", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("make it a ModuleList, or call register_module for each", StringComparison.Ordinal));
    }

    private static string Source(string members, string constructor, string forward) => $$"""
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using PipelineSdk;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        [Pipeline]
        public sealed partial class Sample : Module<Tensor, Tensor>
        {
            private readonly Linear a = Linear(4, 4);
            {{members}}
            public Sample() : base("sample")
            {
                {{constructor}}
            }

            public override Tensor forward(Tensor x) => {{forward}};
        }
        """;
}
