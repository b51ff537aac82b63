using PipelineSdk.Model;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Records and collections as inputs and results, and across cuts.</summary>
public sealed class StructuredValueTests
{
    [Theory]
    [InlineData(Odd.Nothing)]
    [InlineData(Odd.KeyOrder)]
    public void Results_and_gradients_are_those_of_the_uncut_model(Odd odd)
    {
        using var scope = NewDisposeScope();
        var model = new StructuredNet();
        var request = Batch(odd);
        request.Extras[1].requires_grad_();
        using var pipeline = Pipeline.Create(model, Options());

        var expected = model.call(request);
        var merged = pipeline.Forward<Dictionary<string, List<Tensor?>>>(new ModelInputs(request));
        Assert.Equal(["early", "late"], merged.Keys);
        Assert.True(expected["early"][0]!.allclose(merged["early"][0]!, rtol: 1e-5, atol: 1e-6));
        Assert.True(expected["late"][0]!.allclose(merged["late"][0]!, rtol: 1e-5, atol: 1e-6));
        Assert.Equal(expected["early"][1]!.item<float>(), merged["early"][1]!.item<float>(), 1e-5f);

        var loss = Loss(expected);
        loss.backward();
        var gradients = Gradients.Take(model);
        var inputGradient = request.Extras[1].grad!.clone();
        request.Extras[1].grad = null;
        var step = pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(request), Loss);
        Assert.Equal(loss.item<float>(), step.Loss, 1e-5);
        Gradients.AssertClose(gradients, Gradients.Take(model));
        Assert.True(inputGradient.allclose(request.Extras[1].grad!, rtol: 1e-4, atol: 1e-5));
    }

    [Theory]
    [InlineData(Odd.Length, "result[\"early\"][2] is there in micro-batch 1, but not in micro-batch 0")]
    [InlineData(Odd.Keys, "result[\"late\"] is there in micro-batch 0, but not in micro-batch 1")]
    [InlineData(Odd.MissingTensor, "result[\"early\"][1] is there in micro-batch 0, but not in micro-batch 1")]
    public void Results_of_different_make_can_not_be_put_together(Odd odd, string expected)
    {
        using var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, Options());
        using var scope = NewDisposeScope();
        var request = Batch(odd);
        var live = LiveTensors.Settled();
        var error = Assert.Throws<InvalidOperationException>(
            () => pipeline.Forward<Dictionary<string, List<Tensor?>>>(new ModelInputs(request)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(Odd.DerivedRecord, "'kept' is declared as Kept, but holds a KeptAndMore")]
    [InlineData(Odd.Query, "'kept.Rest' holds a ")]
    public void What_would_arrive_changed_ends_the_step_and_leaves_nothing_behind(Odd odd, string expected)
    {
        using var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, Options());
        using var scope = NewDisposeScope();
        var request = Batch(odd);
        var good = Batch(Odd.Nothing);
        pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(good), Loss);
        var live = LiveTensors.Settled();
        for (var i = 0; i < 10; i++)
        {
            var error = Assert.Throws<PipelineException>(
                () => pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(request), Loss));
            Assert.Equal(0, error.Stage);
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Equal(live, Tensor.TotalCount);
        }

        pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(good), Loss);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void An_input_of_a_derived_type_is_refused()
    {
        using var scope = NewDisposeScope();
        var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, Options());
        var error = Assert.Throws<InvalidOperationException>(() => pipeline.Forward<Dictionary<string, List<Tensor?>>>(
            new ModelInputs(new UrgentRequest(randn(4, 4), [], randn(4)))));
        Assert.Contains("'request' is declared as Request, but holds a UrgentRequest", error.Message, StringComparison.Ordinal);
        Assert.Contains("Declare it as UrgentRequest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Null_where_the_type_says_never_is_refused()
    {
        using var scope = NewDisposeScope();
        var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, Options());
        var error = Assert.Throws<InvalidOperationException>(
            () => pipeline.Forward<Dictionary<string, List<Tensor?>>>(new ModelInputs([null])));
        Assert.Contains("'request' is null", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_name_the_element_and_the_slot_to_replicate()
    {
        using var scope = NewDisposeScope();
        var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        var rows = Assert.Throws<ArgumentException>(() => pipeline.Forward<Dictionary<string, List<Tensor?>>>(
            new ModelInputs(new Request(randn(6, 4), [randn(6, 4), randn(5, 4)], randn(6, 4)))));
        Assert.Contains("Input 'request.Extras[1]' has 5 row(s), but input 'request.X' has 6.", rows.Message, StringComparison.Ordinal);
        Assert.Contains("add \"request.Extras\" to PipelineOptions.ReplicatedInputs", rows.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<ArgumentException>(
            () => Pipeline.Create(model, new PipelineOptions { ReplicatedInputs = { "request.Mas" } }));
        Assert.Contains("request.Mask", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_parameter_replicates_with_all_its_parts()
    {
        using var scope = NewDisposeScope();
        var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, ReplicatedInputs = { "request" } });
        var error = Assert.Throws<ArgumentException>(
            () => pipeline.Forward<Dictionary<string, List<Tensor?>>>(new ModelInputs(Batch(Odd.Nothing))));
        Assert.Contains("no tensor to split", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Live_tensors_are_as_many_after_many_steps_as_before()
    {
        using var model = new StructuredNet();
        using var pipeline = Pipeline.Create(model, Options());
        using var scope = NewDisposeScope();
        var request = Batch(Odd.Nothing);
        pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(request), Loss);
        var live = LiveTensors.Settled();
        for (var i = 0; i < 50; i++) pipeline.TrainStep<Dictionary<string, List<Tensor?>>>(new ModelInputs(request), Loss);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void Arrays_are_taken_as_the_list_of_arguments_and_the_error_says_so()
    {
        var inputs = new ModelInputs(new string[] { "a", "b" });
        var error = Assert.Throws<ArgumentException>(() => inputs.RequireCount("Model", 1));
        Assert.Contains("new ModelInputs([array])", error.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], new ModelInputs([new[] { "a", "b" }]).Get<string[]>("Model", 0, "names"));
    }

    private static PipelineOptions Options() => new() { MicroBatches = 2, IntraOpThreads = 1, ReplicatedInputs = { "request.Mask" } };

    // Two micro-batches of three rows; the first number of the second one is negative.
    private static Request Batch(Odd odd)
    {
        var x = rand(6, 4) + 0.1;
        x[3, 0] = -1;
        return new Request(x, [randn(6, 4), randn(6, 4)], randn(4), odd);
    }

    private static Tensor Loss(Dictionary<string, List<Tensor?>> result)
        => result["early"][0]!.square().mean() + (result["early"][1]! * 0.5) + result["late"][0]!.mean();
}
