using PipelineSdk.Generators.Models;
using PipelineSdk.Generators.Models.Inside;
using PipelineSdk.Generators.Tests.Harness;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Generators.Tests;

/// <summary>Cut models compute what the uncut ones do.</summary>
public sealed class RunTests
{
    public static TheoryData<ModelCase> Models => new()
    {
        Simple("Chain", () => new Chain()),
        Simple("LongSkip", () => new LongSkip()),
        Simple("NestedCalls", () => new NestedCalls()),
        Simple("EvaluationOrder", () => new EvaluationOrder()),
        Simple("OnlySequential", () => new OnlySequential()),
        Simple("SequentialsAndMembers", () => new SequentialsAndMembers()),
        ModelCase.Of("MaskedInputs", () => new MaskedInputs(), (m, x) => m.forward((Tensor)x[0]!, (Tensor?)x[1], (double)x[2]!), X(), X(), 2.5),
        ModelCase.Of("MaskedInputs without mask", () => new MaskedInputs(), (m, x) => m.forward((Tensor)x[0]!, (Tensor?)x[1], (double)x[2]!), X(), null, 2.5),
        Simple("ScalarsAndTuples", () => new ScalarsAndTuples()),
        Simple("ControlFlow", () => new ControlFlow()),
        ModelCase.Of("TupleResult", () => new TupleResult(), (m, x) => m.forward((Tensor)x[0]!), X()),
        Simple("ListOfSkips", () => new ListOfSkips()),
        ModelCase.Of("RecordsAndCollections", () => new RecordsAndCollections(), (m, x) => m.forward((Sentence)x[0]!), new Sentence(X())),
        ModelCase.Of(
            "RecordsAndCollections with all there is",
            () => new RecordsAndCollections(),
            (m, x) => m.forward((Sentence)x[0]!),
            new Sentence(X(), new Extra(X()) { Shift = 0.5 })),
        Simple("Containers", () => new Containers<int>.Inner.Nested<TorchSharp.Modules.Linear>(nn.Linear(4, 4))),
        ModelCase.Of("ClashingNames", () => new ClashingNames(), (m, x) => m.forward((Tensor)x[0]!, (Tensor)x[1]!), X(), X()),
        Simple("Unpinned", () => new Unpinned()),
        Simple("Planned", () => new Planned()),
        Simple("OwnParameters", () => new OwnParameters()),
        Simple("LocalFunctions", () => new LocalFunctions()),
        Simple("Helpers", () => new Helpers()),
        Simple("Declarations", () => new Declarations()),
        Simple("Deconstruction", () => new Deconstruction()),
        Simple("Oblivious", () => new Oblivious()),
        Simple("GlobalModel", () => new GlobalModel()),
        Simple("Inherited", () => new Inherited()),
        ModelCase.Of(
            "SixInputs",
            () => new SixInputs(),
            (m, x) => m.forward((Tensor)x[0]!, (Tensor)x[1]!, ((Tensor, Tensor))x[2]!, (long)x[3]!, (string)x[4]!, (bool)x[5]!),
            X(),
            X(),
            (X(), X()),
            3L,
            "abc",
            true),
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void A_cut_model_yields_the_results_and_gradients_of_the_uncut_one_bit_for_bit(ModelCase model) => model.AssertEqualToUncut();

    [Fact]
    public void Side_effects_keep_the_order_of_the_uncut_model()
    {
        using var scope = NewDisposeScope();
        var whole = new EvaluationOrder();
        var cut = new EvaluationOrder();
        whole.forward(X());
        _ = new CutRun<EvaluationOrder>(cut, X());
        Assert.Equal(["before", "left", "argument", "inner", "right", "last"], whole.Trace);
        Assert.Equal(whole.Trace, cut.Trace);
    }

    private static ModelCase Simple<TModel>(string name, Func<TModel> create)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
        => ModelCase.Of(name, create, (model, inputs) => model.forward((Tensor)inputs[0]!), X());

    private static Tensor X() => arange(12, float32).view(3, 4) / 10 - 0.5;
}
