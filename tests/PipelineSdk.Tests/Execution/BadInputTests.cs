using Microsoft.Extensions.Options;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Bad input is refused before anything runs: with a clear error, nothing leaked, and the pipeline usable afterwards.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly HandCutNet model = new();
    private readonly IPipeline<HandCutNet> pipeline;

    public BadInputTests() => pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4 });

    [Fact]
    public void An_empty_batch() => Refused<ArgumentException>(
        static () => (zeros(0, 6), zeros(0, 3)), "The mini-batch is empty: input 'x' has no samples.");

    [Fact]
    public void More_micro_batches_than_samples() => Refused<ArgumentException>(
        static () => (zeros(3, 6), zeros(3, 3)), "The mini-batch has 3 sample(s), too few for 4 micro-batches.");

    [Fact]
    public void Inputs_and_targets_of_different_length() => Refused<ArgumentException>(
        static () => (zeros(8, 6), zeros(7, 3)), "The inputs have 8 sample(s), but the targets have shape [7, 3]");

    [Fact]
    public void A_scalar_input() => Refused<ArgumentException>(
        static () => (zeros([]), zeros(7, 3)), "Input 'x' is a scalar tensor and cannot be split");

    [Fact]
    public void A_disposed_input() => Refused<ObjectDisposedException>(
        static () => (Disposed(zeros(8, 6)), zeros(8, 3)), "Input 'x' of HandCutNet.forward has been disposed.");

    [Fact]
    public void Disposed_targets() => Refused<ObjectDisposedException>(
        static () => (zeros(8, 6), Disposed(zeros(8, 3))), "The targets have been disposed.");

    [Fact]
    public void An_input_on_another_device() => Refused<ArgumentException>(
        static () => (zeros([8, 6], device: device("meta")), zeros(8, 3)), "Input 'x' is on meta");

    [Fact]
    public void An_input_of_another_width_fails_in_the_stage_that_meets_it()
    {
        using var x = zeros(8, 5);
        using var y = zeros(8, 3);
        var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, nn.MSELoss()));
        Assert.Equal((0, 0), (failure.Stage, failure.MicroBatch));
        AssertWorks();
    }

    [Fact]
    public void Arguments_that_do_not_fit_forward()
    {
        using var x = zeros(8, 6);
        var error = Assert.Throws<ArgumentException>(() => pipeline.Forward((x, x)));
        Assert.Contains("HandCutNet.forward takes 1 argument(s), but 2 were given", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => pipeline.Forward(new Model.ModelInputs("text")));
        Assert.Contains("takes Tensor x as argument 1, but got String", error.Message, StringComparison.Ordinal);
        AssertWorks();
    }

    [Fact]
    public void A_loss_module_without_reduction()
    {
        using var x = zeros(8, 6);
        using var y = zeros(8, 3);
        var error = Assert.Throws<ArgumentException>(() => pipeline.TrainStep(x, y, nn.MSELoss(nn.Reduction.None)));
        Assert.Contains("reduction None", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(PipelineOptions.MicroBatches))]
    [InlineData(nameof(PipelineOptions.MicroBatchSize))]
    [InlineData(nameof(PipelineOptions.Stages))]
    [InlineData(nameof(PipelineOptions.IntraOpThreads))]
    [InlineData(nameof(PipelineOptions.LinkCapacity))]
    [InlineData(nameof(PipelineOptions.Workers))]
    public void An_option_out_of_range_is_named_with_its_value(string option)
    {
        var options = new PipelineOptions();
        typeof(PipelineOptions).GetProperty(option)!.SetValue(options, 0);
        var error = Assert.Throws<OptionsValidationException>(() => Pipeline.Create(model, options));
        Assert.Contains($"PipelineOptions.{option} is 0: it must be at least 1.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void A_schedule_whose_shape_does_not_fit(int? microBatchSize)
    {
        var options = new PipelineOptions { Schedule = PipelineSchedule.ZeroBubbleV, MicroBatchSize = microBatchSize };
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, options));
        Assert.StartsWith(
            "ZB-V gives every worker two stages in the form of a V, so 4 workers need 8 stages, not 4. Pipeline 'HandCutNet' has 4 workers, 4 stages, 4 "
            + "micro-batches (PipelineOptions.Workers, Stages and MicroBatches). With PipelineOptions.Workers = 2 it works. What works besides: 4 workers, 8 stages, ",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_workers_than_stages()
    {
        var options = new PipelineOptions { Workers = 5 };
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, options));
        Assert.Contains("there are 5 workers for 4. Pipeline 'HandCutNet' has 5 workers, 4 stages, 4 micro-batches (PipelineOptions.Workers, Stages and MicroBatches). With PipelineOptions.Workers = 4 it works.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Micro_batches_that_the_schedule_is_not_defined_for_are_refused_before_the_step_and_others_go_on()
    {
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Schedule = new OnlyEven(), Workers = 2, MicroBatchSize = 2 });
        using var scope = NewDisposeScope();
        var error = Assert.Throws<ArgumentException>(() => pipeline.TrainStep(randn(6, 6), randn(6, 3), nn.MSELoss()));
        Assert.Contains("OnlyEven takes even numbers.", error.Message, StringComparison.Ordinal);
        Assert.True(double.IsFinite(pipeline.TrainStep(randn(8, 6), randn(8, 3), nn.MSELoss()).Loss));
    }

    [Fact]
    public void More_stages_than_the_model_has()
    {
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 5 }));
        Assert.Contains("PipelineOptions.Stages is 5, but HandCutNet is cut into 4 (a | b | c | d)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replicated_input_that_forward_does_not_take()
    {
        var options = new PipelineOptions { ReplicatedInputs = { "mask" } };
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, options));
        Assert.Contains("names 'mask', but HandCutNet.forward takes (x)", error.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        pipeline.Dispose();
        model.Dispose();
    }

    private sealed class OnlyEven : PipelineSchedule
    {
        public override string Name => nameof(OnlyEven);

        public override string? WhyNot(ScheduleShape shape) => shape.MicroBatches % 2 == 0 ? null : "OnlyEven takes even numbers.";

        public override ScheduleProgram Build(ScheduleShape shape) => InterleavedOneForwardOneBackward.Build(shape);
    }

    private static Tensor Disposed(Tensor tensor)
    {
        tensor.Dispose();
        return tensor;
    }

    private void Refused<TException>(Func<(Tensor X, Tensor Y)> batch, string message)
        where TException : Exception
    {
        var (x, y) = batch();
        using var ownedX = x;
        using var ownedY = y;
        var live = LiveTensors.Settled();
        var error = Assert.Throws<TException>(() => pipeline.TrainStep(x, y, nn.MSELoss()));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);
        AssertWorks();
    }

    private void AssertWorks()
    {
        using var x = zeros(8, 6);
        using var y = zeros(8, 3);
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, nn.MSELoss()).Loss));
    }
}
