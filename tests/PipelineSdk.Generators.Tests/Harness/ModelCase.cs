using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>A model with inputs, and how it is called without a pipeline.</summary>
public abstract class ModelCase
{
    public static ModelCase Of<TModel>(string name, Func<TModel> create, Func<TModel, object?[], object?> forward, params object?[] inputs)
        where TModel : nn.Module, IPipelineModel<TModel> => new Typed<TModel>(name, create, forward, inputs);

    /// <summary>Runs the model whole and in segments, from the same weights, and compares results and gradients bit for bit.</summary>
    public abstract void AssertEqualToUncut();

    private sealed class Typed<TModel>(
        string name, Func<TModel> create, Func<TModel, object?[], object?> forward, object?[] inputs) : ModelCase
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        public override void AssertEqualToUncut()
        {
            using var scope = NewDisposeScope();
            manual_seed(1);
            var whole = create();
            var cut = create();
            cut.load_state_dict(whole.state_dict());

            var expected = Uncut.TensorsOf(forward(whole, inputs));
            var run = new CutRun<TModel>(cut, new ModelInputs(inputs));
            var actual = Uncut.TensorsOf(run.Result);
            Assert.Equal(expected.Select(Uncut.Bits), actual.Select(Uncut.Bits));

            Loss(expected).backward();
            run.Backward(Loss(actual));
            foreach (var ((key, left), (_, right)) in whole.named_parameters().Zip(cut.named_parameters()))
            {
                Assert.True((left.grad is null) == (right.grad is null), key);
                if (left.grad is { } gradient) Assert.Equal(Uncut.Bits(gradient), Uncut.Bits(right.grad!));
            }
        }

        public override string ToString() => name;

        private static Tensor Loss(IReadOnlyList<Tensor> results) => results.Select((tensor, i) => (tensor * tensor).sum() * (i + 1))
            .Aggregate((left, right) => left + right);
    }
}
