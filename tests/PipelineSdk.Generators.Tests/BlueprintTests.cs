using PipelineSdk.Generators.Models;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Generators.Tests;

/// <summary>What the runtime learns from a blueprint.</summary>
public sealed class BlueprintTests
{
    [Fact]
    public void A_value_that_passes_through_is_carried_but_not_used() => Assert.Equal(
        """
        0: stem (Tensor x)
        1: left (Tensor skip passes, Tensor inner)
        2: right (Tensor skip passes, Tensor near)
        3: head (Tensor skip, Tensor far)
        """,
        Describe<LongSkip>());

    [Fact]
    public void Slots_name_the_users_variables_and_types() => Assert.Equal(
        """
        0: first (Tensor x, Tensor? mask passes, double scale passes)
        1: second (Tensor? mask, double scale, Tensor h)
        """,
        Describe<MaskedInputs>());

    [Fact]
    public void Without_attributes_every_legal_cut_stays_open() => Assert.Equal(
        """
        -: stem, relu (Tensor x)
        -: shared, between, relu (Tensor x)
        -: neck, relu (Tensor x)
        -: head (Tensor reluResult)
        """,
        Describe<Unpinned>());

    [Fact]
    public void A_plan_in_the_build_names_the_stages_and_leaves_the_names_of_segments()
    {
        Assert.Equal(
            """
            0: stem (Tensor x)
            0: blocks[0] (Tensor x, Tensor first)
            1: blocks[1] (Tensor x, Tensor first)
            1: blocks[2] (Tensor x, Tensor first)
            1:  (Tensor x)
            1: tail[0] (Tensor tailPart)
            2: tail[1] (Tensor tailPart)
            2:  (Tensor tailPart)
            2: head (Tensor x)
            """,
            Describe<Planned>());
        // The argument of [Pipeline] wins; the plan says the rest.
        var defaults = Blueprint<Planned>().Defaults;
        Assert.Equal(("GPipe", 3, 4), (defaults.Schedule, defaults.Workers, defaults.MicroBatches));
        Assert.Equal(Blueprint<Planned>().Segments, Blueprint<Planned>().SegmentsOf(new Planned()));
    }

    [Fact]
    public void Cuts_say_what_they_carry()
    {
        Assert.Equal(
            [
                "stem | left: 2 tensors (skip, inner)",
                "left | right: 2 tensors (skip, near)",
                "right | head: 2 tensors (skip, far)",
            ],
            Blueprint<LongSkip>().Cuts.Select(cut => cut.ToString()));
        Assert.Equal(["first | second: 2 tensors (mask, h) and 1 value (scale)"], Blueprint<MaskedInputs>().Cuts.Select(cut => cut.ToString()));
        Assert.Equal("a | b: nothing", new PipelineCut("a", "b", []).ToString());
    }

    [Fact]
    public void Segments_list_what_they_use_under_the_names_of_the_state_dict()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            [["stem"], ["encoder.0"], ["encoder.1"], [], ["decoder.0"], ["decoder.1", "decoder.2"], ["head"]], Modules(new SequentialsAndMembers()));
        var members = Members(new OwnParameters());
        Assert.Equal(["scale"], members[0].Parameters.Select(item => item.Name));
        Assert.Equal(["shift"], members[1].Parameters.Select(item => item.Name));
        Assert.Equal(["mask"], members[1].Buffers.Select(item => item.Name));
        Assert.Equal([["blocks"], ["optional"], ["head"]], Modules(new ControlFlow()));
    }

    [Fact]
    public void Every_parameter_belongs_to_one_segment()
    {
        using var scope = NewDisposeScope();
        var model = new SequentialsAndMembers();
        var keys = Members(model).SelectMany(members => members.Modules)
            .SelectMany(item => item.Module.state_dict().Keys.Select(key => $"{item.Name}.{key}"));
        Assert.Equal(model.state_dict().Keys.Order(), keys.Order());
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        var blueprint = Blueprint<MaskedInputs>();
        Assert.Contains("takes 3 argument(s), but 1", Assert.Throws<ArgumentException>(() => blueprint.BindInputs(zeros(1))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "takes Double scale as argument 3, but got Int32",
            Assert.Throws<ArgumentException>(() => blueprint.BindInputs(new ModelInputs(zeros(1), null, 1))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cleared_boundary_keeps_nothing()
    {
        using var scope = NewDisposeScope();
        var bound = Blueprint<SixInputs>().BindInputs(new ModelInputs(zeros(1), zeros(1), (zeros(1), zeros(1)), 1L, "name", true));
        var seen = new Seen();
        bound.VisitTensors(seen);
        Assert.Equal([0, 1, 2, 3], seen.Slots);
        bound.Clear();
        var after = new Seen();
        bound.VisitTensors(after);
        Assert.Empty(after.Slots);
    }

    [Fact]
    public void A_clone_of_a_boundary_has_a_list_of_its_own()
    {
        using var scope = NewDisposeScope();
        var model = new ListOfSkips();
        var blueprint = Blueprint<ListOfSkips>();
        var output = blueprint.Segments[0].CreateOutput();
        blueprint.Segments[0].Forward(model, blueprint.BindInputs(zeros(2, 4)), output);
        var copy = output.Clone();
        copy.VisitTensors(new Replace());
        var (before, after) = (new Seen(), new Seen());
        output.VisitTensors(before);
        copy.VisitTensors(after);
        Assert.Equal([0, 1, 1], before.Slots);
        Assert.Equal(before.Slots, after.Slots);
        Assert.Empty(before.Tensors.Intersect(after.Tensors));
    }

    private static PipelineBlueprint<TModel> Blueprint<TModel>()
        where TModel : nn.Module, IPipelineModel<TModel> => TModel.Blueprint;

    private static string Describe<TModel>()
        where TModel : nn.Module, IPipelineModel<TModel> => string.Join('\n', TModel.Blueprint.Segments.Select(segment =>
            $"{segment.PinnedStage?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}: {segment.Name} "
            + $"({string.Join(", ", segment.Inputs.Select((slot, i) => $"{slot.Type} {slot.Name}{(segment.Uses(i) ? "" : " passes")}"))})"));

    private static List<SegmentMembers> Members<TModel>(TModel model)
        where TModel : nn.Module, IPipelineModel<TModel> => [.. TModel.Blueprint.Segments.Select(segment =>
        {
            var members = new SegmentMembers();
            segment.CollectMembers(model, members);
            return members;
        })];

    private static IEnumerable<IEnumerable<string>> Modules<TModel>(TModel model)
        where TModel : nn.Module, IPipelineModel<TModel> => Members(model).Select(members => members.Modules.Select(item => item.Name).Order(StringComparer.Ordinal));

    private sealed class Seen : ITensorVisitor
    {
        public List<int> Slots { get; } = [];

        public List<Tensor> Tensors { get; } = [];

        public void Visit(int slot, ref Tensor? tensor)
        {
            if (tensor is null) return;
            Slots.Add(slot);
            Tensors.Add(tensor);
        }
    }

    private sealed class Replace : ITensorVisitor
    {
        public void Visit(int slot, ref Tensor? tensor) => tensor = tensor?.detach();
    }
}
