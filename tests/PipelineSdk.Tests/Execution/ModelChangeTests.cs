using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>What may change in a model between two steps, and what the next step refuses.</summary>
public sealed class ModelChangeTests
{
    public static TheoryData<string, string> Changes() => new()
    {
        { nameof(Replace), "module 'body' has been replaced by another" },
        { nameof(ReplaceInside), "module 'tail.1' has been replaced by another" },
        { nameof(Append), "module 'inner.2' has been added" },
        { nameof(AppendToList), "module 'tail.2' has been added" },
        { nameof(AddParameter), "parameter 'body.scale' has been added" },
        { nameof(AddToModel), "parameter 'factor' has been added" },
        { nameof(Remove), "module 'body' is gone" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_structure_is_refused_with_what_changed(string change, string message)
    {
        using var fixture = new Fixture();
        fixture.Step();
        Action<ReplaceableNet> apply = change switch
        {
            nameof(Replace) => Replace,
            nameof(ReplaceInside) => ReplaceInside,
            nameof(Append) => Append,
            nameof(AppendToList) => AppendToList,
            nameof(AddParameter) => AddParameter,
            nameof(AddToModel) => AddToModel,
            _ => Remove,
        };
        apply(fixture.Model);
        foreach (var call in new Action[] { () => fixture.Step(), () => fixture.Pipeline.Forward(fixture.X) })
        {
            var error = Assert.Throws<InvalidOperationException>(call);
            Assert.StartsWith($"ReplaceableNet has changed since the pipeline was built: {message}. ", error.Message, StringComparison.Ordinal);
        }

        // And what the message says to do, works.
        if (change == nameof(Remove)) return;
        using var next = Pipeline.Create(fixture.Model, new PipelineOptions { MicroBatches = 2 });
        next.TrainStep(fixture.X, fixture.X, MSELoss());
    }

    [Fact]
    public void Values_training_mode_and_what_learns_may_change()
    {
        using var fixture = new Fixture();
        fixture.Step();
        fixture.Model.eval();
        foreach (var parameter in fixture.Model.body!.parameters()) parameter.requires_grad = false;
        using (no_grad()) fixture.Model.head.weight.zero_();
        fixture.Model.zero_grad();

        fixture.Step();

        Assert.All(fixture.Model.body.parameters(), static parameter => Assert.True(parameter.grad is null || parameter.grad.count_nonzero().item<long>() == 0));
        Assert.NotNull(fixture.Model.head.weight.grad);
        var state = fixture.Model.state_dict();
        fixture.Model.load_state_dict(state.ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        fixture.Step();
    }

    [Fact]
    public void A_parameter_that_is_replaced_is_found_out_by_the_one_that_is_gone()
    {
        using var fixture = new Fixture();
        fixture.Model.body!.weight = new Parameter(randn(4, 4));
        var error = Assert.ThrowsAny<InvalidOperationException>(() => fixture.Step());
        Assert.Contains("arameter 'body.weight'", error.Message, StringComparison.Ordinal);
    }

    private static void Replace(ReplaceableNet model) => model.body = Linear(4, 4);

    private static void ReplaceInside(ReplaceableNet model) => model.tail[1] = Linear(4, 4);

    private static void Append(ReplaceableNet model) => model.inner.append("2", Tanh());

    private static void AppendToList(ReplaceableNet model) => model.tail.Add(Linear(4, 4));

    private static void AddParameter(ReplaceableNet model) => model.body!.register_parameter("scale", new Parameter(ones(4)));

    private static void AddToModel(ReplaceableNet model) => model.factor = new Parameter(ones(4));

    private static void Remove(ReplaceableNet model) => model.body = null;

    private sealed class Fixture : IDisposable
    {
        private readonly DisposeScope scope = NewDisposeScope();

        public Fixture() => Pipeline = PipelineSdk.Pipeline.Create(Model, new PipelineOptions { MicroBatches = 2 });

        public ReplaceableNet Model { get; } = new();

        public IPipeline<ReplaceableNet> Pipeline { get; }

        public Tensor X { get; } = randn(4, 4);

        public StepResult Step() => Pipeline.TrainStep(X, X, MSELoss());

        public void Dispose()
        {
            Pipeline.Dispose();
            scope.Dispose();
        }
    }
}

/// <summary>A model whose members can be changed after it was built.</summary>
[Pipeline]
public sealed partial class ReplaceableNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] internal Linear? body = Linear(4, 4);
    [PipelineStage(0)] internal Parameter? factor;
    [PipelineStages(2)] internal readonly ModuleList<Module<Tensor, Tensor>> tail = ModuleList<Module<Tensor, Tensor>>(Linear(4, 4), Linear(4, 4));
    [PipelineStage(1)] internal readonly Sequential inner = Sequential(Linear(4, 4), Tanh());
    [PipelineStage(1)] internal readonly Linear head = Linear(4, 4);

    public ReplaceableNet() : base(nameof(ReplaceableNet)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = body is null ? x : body.call(x);
        x = factor is null ? x : x * factor;
        foreach (var layer in tail) x = layer.call(x);
        return head.call(inner.call(x));
    }
}
